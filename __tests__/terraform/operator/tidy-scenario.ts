import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APIGatewayClient, CreateDeploymentCommand, GetDeploymentsCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TidyReport } from '#operator/tidy/tidy-stage.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { bothRegions, environmentsOf } from './live-stage.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

/**
 * A deployed stage with the target envA is tidied by the real command line; its environments run what they ran. No version may be published after
 * it: moto numbers versions by how many there are, and would give a number a second time.
 */
export function tidyScenario(stage: () => StageOnMoto): void {
  describe.sequential('what nothing needs any more (B20)', () => {
    const conf = () => join(stage().directory, 'settings.conf');
    let kept: string;
    beforeAll(async () => {
      kept = await readFile(conf(), 'utf8');
      const strict = kept.replace(/^TIDY_KEEP_NEWEST=.*$/m, 'TIDY_KEEP_NEWEST=1');
      await writeFile(conf(), strict.replace(/^TIDY_AFTER_DAYS=.*$/m, 'TIDY_AFTER_DAYS=0'));
    });
    afterAll(() => writeFile(conf(), kept));

    const clients = () => {
      const { context, moto } = stage();
      const settings = clientSettings(moto, context.settings.primaryRegion);
      return {
        lambda: new LambdaClient(settings),
        gateway: new APIGatewayClient(settings),
        logs: new CloudWatchLogsClient(settings),
      };
    };
    const FunctionName = () => functionName(stage().context, 'user');
    const there = async (restApiId: string | undefined) => {
      const { lambda, gateway, logs } = clients();
      const [{ Versions = [] }, { items = [] }, { logGroups = [] }] = await Promise.all([
        lambda.send(new ListVersionsByFunctionCommand({ FunctionName: FunctionName() })),
        gateway.send(new GetDeploymentsCommand({ restApiId })),
        logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/' })),
      ]);
      return {
        versions: Versions.map(({ Version }) => Version),
        deployments: items.map(({ id }) => id),
        groups: logGroups.map(({ logGroupName }) => logGroupName),
      };
    };

    it('goes in both regions after a look at it; what environments run stays, and so does what is not ours', {
      timeout: 600_000,
    }, async () => {
      const { context, run } = stage();
      const { gateway, logs } = clients();
      const [primary] = await bothRegions(stage());
      const restApiId = primary?.apiIds.rest;
      const live = async () => [await environmentsOf(stage(), 'envA'), await environmentsOf(stage(), 'envB')];
      const before = await live();
      // Deployments that no stage serves, and logs of functions that are gone; a promotion left a version that no alias has any more.
      await gateway.send(new CreateDeploymentCommand({ restApiId }));
      await gateway.send(new CreateDeploymentCommand({ restApiId }));
      const [ours, other] = ['retired', 'of-another'].map((name) => `/aws/lambda/${prefix(context)}-${name}`);
      const tags = { app: context.settings.appName, stage: context.stage };
      await logs.send(new CreateLogGroupCommand({ logGroupName: ours, tags }));
      await logs.send(new CreateLogGroupCommand({ logGroupName: other }));

      const shown = await run('tidy', context.stage, '--dry-run', '--json');
      expect(shown.exitCode).toBe(2);
      const { regions }: TidyReport = JSON.parse(shown.stdout);
      const found = regions[0]?.leftovers ?? [];
      const versions = found.flatMap((each) =>
        each.kind === 'version' && each.name === FunctionName() ? [each.version] : [],
      );
      expect(versions.length).toBeGreaterThan(0);
      const deployments = found.flatMap((each) => (each.kind === 'deployment' ? [each.id] : []));
      expect(deployments.length).toBeGreaterThan(0);
      expect(found.filter(({ kind }) => kind === 'log group')).toEqual([expect.objectContaining({ name: ours })]);

      const asked = await run('tidy', context.stage, '--json');
      expect(asked.exitCode).toBe(2);
      expect(JSON.parse(asked.stdout).error.message).toMatch(/removed for good\. Not a terminal: pass --yes/);
      expect((await there(restApiId)).versions).toEqual(expect.arrayContaining(versions));

      const { exitCode, stdout, stderr } = await run('tidy', context.stage, '--yes', '--json');
      if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);
      const after = await there(restApiId);
      for (const version of versions) expect(after.versions).not.toContain(version);
      for (const id of deployments) expect(after.deployments).not.toContain(id);
      expect(after.groups).not.toContain(ours);
      expect(after.groups).toContain(other);
      expect(await live()).toEqual(before);
    });
  });
}
