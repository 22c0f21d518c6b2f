import { APIGatewayClient, UpdateBasePathMappingCommand } from '@aws-sdk/client-api-gateway';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { ParametersError } from '#operator/cli/errors.ts';
import { type DeployOptions, deployStage } from '#operator/deploy/deploy-stage.ts';
import { TargetDisagreementError } from '#operator/live/target.ts';
import { versionsOf } from '#operator/terraform/stack-variables.ts';
import { lockTableName, parameterPath, stateBucketName } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { bothRegions, environmentsOf } from './live-stage.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

async function notMeant(changes: readonly string[]): Promise<void> {
  throw new Error(`Nothing of this is live: ${changes.join(', ')}`);
}

/** Later deploys of a stage that is deployed with the target envA; afterwards envB runs another version of the function test. */
export function deployScenario(stage: () => StageOnMoto): void {
  describe.sequential('deploys, by the real provider', () => {
    const confirmed: string[] = [];
    const deploy = (options: Partial<DeployOptions> = {}) =>
      deployStage(
        stage().context,
        {
          ...stage(),
          confirmFirst: () => Promise.reject(new Error('This is no first deploy.')),
          confirmLive: async (environment) => {
            confirmed.push(environment);
          },
          confirmLiveChange: notMeant,
          onResult: ({ stack, outcome, seconds }) => console.log(`${stack} ${outcome} ${seconds.toFixed(0)} s`),
        },
        { again: 'two-region deploy', ...options },
      );

    it('brings new code to the environment that is not the target; live traffic and its versions stay (S0.11, S0.13)', {
      timeout: LONG,
    }, async () => {
      const before = await environmentsOf(stage(), 'envA');
      const [beforeB] = await environmentsOf(stage(), 'envB');
      stage().edited.add('test');
      stage().editedApis.add('envB');
      const report = await deploy();
      expect(report).toMatchObject({ first: false, target: 'envA', environments: ['envB', 'preview'] });
      expect(report.stacks.map(({ stack }) => stack)).not.toContain('envA-primary');
      expect(report.stacks.filter(({ stack }) => stack === 'data')).toMatchObject([{ outcome: 'unchanged' }]);
      expect(await environmentsOf(stage(), 'envA')).toEqual(before);
      const [primary, secondary] = await environmentsOf(stage(), 'envB');
      expect(primary?.functions).toMatchObject({ test: { version: '2' }, healthcheck: { version: '1' } });
      expect(primary?.stages.rest?.deploymentId).not.toBe(beforeB?.stages.rest?.deploymentId);
      expect(primary?.hash).toBe(secondary?.hash);
      expect(primary?.hash).not.toBe(before[0]?.hash);
      for (const { target } of await bothRegions(stage())) expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
      expect(confirmed).toEqual([]);
    });

    it('asks before the live environment is applied, and leaves its functions at their versions (S0.10, S0.13)', {
      timeout: LONG,
    }, async () => {
      const before = (await environmentsOf(stage(), 'envA')).map(versionsOf);
      const report = await deploy({ only: ['envA'] });
      expect(confirmed).toEqual(['envA']);
      expect(report.stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
      expect((await environmentsOf(stage(), 'envA')).map(versionsOf)).toEqual(before);
    });

    it('refuses where the regions disagree and reconciles them with --take (S0.13)', { timeout: LONG }, async () => {
      const { context, live, moto } = stage();
      const domainName = (await live.regions.secondary.parameters.readAll()).get('domain_name');
      const patchOperations = [{ op: 'replace' as const, path: '/stage', value: 'envB' }];
      await new APIGatewayClient(clientSettings(moto, context.settings.secondaryRegion)).send(
        new UpdateBasePathMappingCommand({ domainName, basePath: '(none)', patchOperations }),
      );
      await expect(deploy({ only: ['entry-secondary'] })).rejects.toThrow(TargetDisagreementError);
      await deploy({ only: ['entry-secondary'], take: 'primary' });
      for (const { target } of await bothRegions(stage())) expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
    });

    it('stops at a state that somebody else has locked, as one JSON document, and goes on when it is free', {
      timeout: LONG,
    }, async () => {
      const { context, moto, run } = stage();
      const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
      const LockID = `${stateBucketName(context)}/${context.stage}/${context.stage}-data.tfstate`;
      const Info = JSON.stringify({ ID: '1', Operation: 'OperationTypeApply', Who: 'somebody@else', Path: LockID });
      const TableName = lockTableName(context);
      await dynamodb.send(new PutItemCommand({ TableName, Item: { LockID: { S: LockID }, Info: { S: Info } } }));
      const locked = await run('deploy', context.stage, '--only', 'data', 'routing', '--lock-timeout', '1', '--json');
      expect(locked.exitCode).toBe(4);
      const { stacks, error } = JSON.parse(locked.stdout);
      expect(error).toMatchObject({ name: 'DeployError', exitCode: 4 });
      expect(error.message).toMatch(
        /data.+Error acquiring the state lock.+somebody@else.+force-unlock.+Not begun: routing.+--only data routing/s,
      );
      expect(stacks).toMatchObject([
        { stack: 'data', outcome: 'failed' },
        { stack: 'routing', outcome: 'not run' },
      ]);
      await dynamodb.send(new DeleteItemCommand({ TableName, Key: { LockID: { S: LockID } } }));
      const { exitCode, stdout } = await run('deploy', context.stage, '--only', 'data', '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout).stacks).toMatchObject([{ stack: 'data', outcome: 'unchanged' }]);
    });

    it('finds a missing parameter before anything is applied (S0.6)', async () => {
      const { context, live, moto } = stage();
      const ssm = new SSMClient(clientSettings(moto, context.settings.primaryRegion));
      const Name = parameterPath(context, 'hosted_zone_id');
      const Value = (await live.regions.primary.parameters.readAll()).get('hosted_zone_id');
      await ssm.send(new DeleteParameterCommand({ Name }));
      const failure = await deploy().catch((error: unknown) => error);
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
      expect(failure).toBeInstanceOf(ParametersError);
      expect(String(failure)).toContain('hosted_zone_id: is not set.');
    });
  });
}
