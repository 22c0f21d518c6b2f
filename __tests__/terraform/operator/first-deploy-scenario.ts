import { stripVTControlCharacters } from 'node:util';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { DeployReport } from '#operator/deploy/deploy-report.ts';
import { readHealthChecks } from '#operator/live/health-checks.ts';
import { lockTableName, stateBucketName } from '#stacks/naming.ts';
import { CTRL_C, ENTER } from '#tests/support/terminal-session.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { managedResources } from '#tests/terraform/support/live.ts';
import { BUCKET_POLICIES, COMPOSITE_ALARMS, DOMAIN_STATUS } from '#tests/terraform/support/transformations.ts';
import { cdktf } from '#tests/terraform/support/two-region.ts';
import { bothRegions } from './live-stage.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

/** A stage with nothing deployed is deployed by the real command line, as a person does it; ends with target envA. */
export function firstDeployScenario(stage: () => StageOnMoto): void {
  describe.sequential('a first deploy, by the real provider', () => {
    const kinds = (stacks: DeployReport['stacks']) => [
      ...new Set(stacks.map((each) => each.stack.replace(/-(primary|secondary)$/, ''))),
    ];
    const named = (stacks: DeployReport['stacks'], outcome: string) =>
      stacks.filter((each) => each.outcome === outcome).map(({ stack }) => stack);
    /** States that somebody holds: the table has a digest per state, too. */
    const locks = async () => {
      const { context, moto } = stage();
      const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: lockTableName(context) }));
      return Items.filter((item) => 'Info' in item);
    };

    it('can begin with raw cdktf: stacks are listed, one is planned and applied (S0.8, S0.13)', {
      timeout: LONG,
    }, async () => {
      const { context, directory } = stage();
      const raw = async (...args: string[]) => {
        const { exitCode, output } = await cdktf([...args, '--output', `${directory}/cdktf.out`, '--no-color'], {});
        if (exitCode !== 0) throw new Error(`cdktf ${args.join(' ')} failed:\n${output}`);
        return stripVTControlCharacters(output);
      };
      const listed = await raw('list');
      for (const name of ['data', 'base-primary', 'envB-secondary', 'routing'])
        expect(listed).toContain(`${context.stage}-${name}`);
      expect(await raw('diff', `${context.stage}-data`, '--skip-synth')).toMatch(
        /Plan: 7 to add, 0 to change, 0 to destroy/,
      );
      // The lock hashes 700 MB of provider each time; the plan has shown that it works.
      await raw('deploy', `${context.stage}-data`, '--skip-synth', '--skip-provider-lock', '--auto-approve');
    });

    it('ends in good order on Ctrl-C: what was begun is finished, no state stays locked, and it says how to go on', {
      timeout: LONG,
    }, async () => {
      const { context, atTerminal } = stage();
      const session = atTerminal('deploy', context.stage);
      await session.shows(/First deploy: 17 stacks; the public names will lead to envA/);
      await session.shows(
        /resources are made in account 123456789012, eu-central-1 and eu-west-1, with the public names api/,
      );
      await session.shows(/Go on\? \[y\/N\]/);
      session.type(`y${ENTER}`);
      await session.shows(/data unchanged after/);
      // The provider waits a minute for each lifecycle configuration, the last that it makes of a bucket: everything else is there by then.
      const [, total] = await session.shows(/base-primary: (\d+) to add/);
      const nearlyDone = `applying ${Number(total) - 2} of ${total}`;
      await session.shows(new RegExp(`base-\\w+: ${nearlyDone}`));
      session.type(CTRL_C);
      await session.shows(/Interrupted: Terraform ends what it has begun, writes its state and releases its lock/);
      expect(await session.ends()).toBe(4);
      // On a busy machine one of the two may be ready when the other one is nearly.
      expect(session.text).toMatch(/failed in base-.+Done: data[.,].+Not begun: api-primary.+observability\./s);
      expect(session.text).toContain(`go on with: two-region deploy ${context.stage}`);
      expect(await locks()).toEqual([]);
    });

    it('goes on where it stopped, applies every stack in order, and leads the names to the first environment (S0.7)', {
      timeout: LONG,
    }, async () => {
      const { context, live, run, transformations } = stage();
      const { exitCode, stdout, stderr } = await run('deploy', context.stage, '--yes', '--json');
      const { error, ...report }: DeployReport & { error?: unknown } = JSON.parse(stdout);
      expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
      expect(stderr).toContain('routing applied');
      expect(report).toMatchObject({
        first: true,
        target: 'envA',
        names: ['api.example.com', 'events.example.com'],
        environments: ['envA', 'envB', 'preview'],
      });
      expect(kinds(report.stacks)).toEqual([
        'data',
        'base',
        'api',
        'envA',
        'envB',
        'preview',
        'certificates',
        'callers',
        'entry',
        'routing',
        'observability',
      ]);
      expect(named(report.stacks, 'unchanged')).toContain('data');
      // The buckets and all that was finished before the interruption is not made again.
      const begun = report.stacks.filter(({ stack, outcome }) => stack.startsWith('base-') && outcome === 'applied');
      expect(begun.map(({ changes }) => changes)).toContainEqual(expect.objectContaining({ add: 2, replace: 0 }));
      expect(named(report.stacks, 'applied')).toEqual(expect.arrayContaining(['envA-primary', 'entry-secondary']));
      for (const { stack, seconds } of report.stacks) console.log(`${stack} ${seconds.toFixed(0)} s`);
      for (const line of [...(await transformations()), DOMAIN_STATUS, BUCKET_POLICIES, COMPOSITE_ALARMS])
        console.log(`moto: ${line}`);
      const regions = await bothRegions(stage());
      for (const { target, apiIds, environments } of regions) {
        expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
        expect(apiIds).toMatchObject({ rest: expect.any(String), http: expect.any(String) });
        expect(environments.map(({ name }) => name)).toEqual(['envA', 'envB', 'preview']);
      }
      const checks = await readHealthChecks(regions, live.health);
      expect(checks.map(({ regionType, kind, status }) => [regionType, kind, status])).toEqual([
        ['primary', 'rest', 'healthy'],
        ['primary', 'http', 'healthy'],
        ['secondary', 'rest', 'healthy'],
        ['secondary', 'http', 'healthy'],
      ]);
    });

    it("keeps a state per stack in the stage's bucket (S0.3)", async () => {
      const { context, s3, synthesize } = stage();
      const counts = await managedResources(s3, stateBucketName(context));
      const ids = (await synthesize()).map(({ id }) => id);
      expect(Object.keys(counts).sort()).toEqual(ids.map((id) => `${context.stage}/${id}.tfstate`).sort());
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
    });
  });
}
