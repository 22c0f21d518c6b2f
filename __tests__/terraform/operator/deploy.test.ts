import { APIGatewayClient, UpdateBasePathMappingCommand } from '@aws-sdk/client-api-gateway';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockTableName, parameterPath, stateBucketName } from '../../../stacks/naming.ts';
import { DeployError } from '../../../tools/operator/deploy/deploy-report.ts';
import { type DeployOptions, deployStage } from '../../../tools/operator/deploy/deploy-stage.ts';
import { versionsOf } from '../../../tools/operator/deploy/stack-variables.ts';
import { readHealthChecks } from '../../../tools/operator/live/health-checks.ts';
import { readRegion } from '../../../tools/operator/live/read-region.ts';
import { TargetDisagreementError } from '../../../tools/operator/live/target.ts';
import { ParametersError } from '../../../tools/operator/parameters/parameters-error.ts';
import { clientSettings } from '../support/account.ts';
import { stageOnMoto } from './stage-on-moto.ts';

/** A deploy of every stack starts Terraform some fifty times. */
const LONG = 2_400_000;

let stage: Awaited<ReturnType<typeof stageOnMoto>>;
beforeAll(async () => {
  stage = await stageOnMoto();
});
afterAll(() => stage?.close());

const confirmed: string[] = [];
const deploy = (options: Partial<DeployOptions> = {}) =>
  deployStage(
    stage.context,
    {
      ...stage,
      confirmLive: async (environment) => {
        confirmed.push(environment);
      },
      onResult: ({ stack, outcome, seconds }) => console.log(`${stack} ${outcome} ${seconds.toFixed(0)} s`),
    },
    { again: 'two-region deploy', ...options },
  );
const bothRegions = () =>
  Promise.all([
    readRegion(stage.context, 'primary', stage.live.regions.primary),
    readRegion(stage.context, 'secondary', stage.live.regions.secondary),
  ]);
const environmentsOf = async (name: string) =>
  (await bothRegions()).flatMap(({ environments }) => environments.filter((each) => each.name === name));

describe.sequential('deploys, by the real provider', () => {
  it('applies every stack in order on the first deploy and leads the public names to the first environment (S0.7)', {
    timeout: LONG,
  }, async () => {
    const report = await deploy();
    expect(report).toMatchObject({ first: true, target: 'envA', environments: ['envA', 'envB', 'preview'] });
    expect(new Set(report.stacks.map(({ outcome }) => outcome))).toEqual(new Set(['applied']));
    expect(report.stacks.map(({ stack }) => stack.replace(/-(primary|secondary)$/, ''))).toEqual([
      'data',
      'base',
      'base',
      'api',
      'api',
      'envA',
      'envA',
      'envB',
      'envB',
      'preview',
      'preview',
      'entry',
      'entry',
      'routing',
    ]);
    const regions = await bothRegions();
    for (const { target, apiIds, environments } of regions) {
      expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
      expect(apiIds).toMatchObject({ rest: expect.any(String), http: expect.any(String) });
      expect(environments.map(({ name }) => name)).toEqual(['envA', 'envB', 'preview']);
    }
    const checks = await readHealthChecks(regions, stage.live.health);
    expect(checks.map(({ regionType, environment, status }) => [regionType, environment, status])).toEqual([
      ['primary', 'envA', 'healthy'],
      ['secondary', 'envA', 'healthy'],
    ]);
  });

  it('deploys new code to the environment that is not the target; live traffic and its versions stay (S0.11, S0.13)', {
    timeout: LONG,
  }, async () => {
    const before = await environmentsOf('envA');
    stage.edited.add('test');
    const report = await deploy();
    expect(report).toMatchObject({ first: false, target: 'envA', environments: ['envB', 'preview'] });
    expect(report.stacks.map(({ stack }) => stack)).not.toContain('envA-primary');
    expect(report.stacks.filter(({ stack }) => stack === 'data')).toMatchObject([{ outcome: 'unchanged' }]);
    expect(await environmentsOf('envA')).toEqual(before);
    const [primary, secondary] = await environmentsOf('envB');
    expect(primary?.functions).toMatchObject({ test: { version: '2' }, healthcheck: { version: '1' } });
    expect(primary?.hash).toBe(secondary?.hash);
    expect(primary?.hash).not.toBe(before[0]?.hash);
    for (const { target } of await bothRegions()) expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
    expect(confirmed).toEqual([]);
  });

  it('asks before the live environment is applied, and leaves its functions at their versions (S0.13)', {
    timeout: LONG,
  }, async () => {
    const before = (await environmentsOf('envA')).map(versionsOf);
    const report = await deploy({ stacks: ['envA'] });
    expect(confirmed).toEqual(['envA']);
    expect(report.stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    expect((await environmentsOf('envA')).map(versionsOf)).toEqual(before);
  });

  it('refuses where the regions disagree and reconciles them with --take (S0.13)', { timeout: LONG }, async () => {
    const region = stage.context.settings.secondaryRegion;
    const domainName = (await stage.live.regions.secondary.parameters.readAll()).get('domain_name');
    const patchOperations = [{ op: 'replace' as const, path: '/stage', value: 'envB' }];
    await new APIGatewayClient(clientSettings(stage.moto, region)).send(
      new UpdateBasePathMappingCommand({ domainName, basePath: '(none)', patchOperations }),
    );
    await expect(deploy({ stacks: ['entry'] })).rejects.toThrow(TargetDisagreementError);
    await deploy({ stacks: ['entry'], take: 'primary' });
    for (const { target } of await bothRegions()) expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
  });

  it('stops at a state that somebody else has locked, says who waits and how to go on, and goes on then', {
    timeout: LONG,
  }, async () => {
    const { context, moto } = stage;
    const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
    const LockID = `${stateBucketName(context)}/${context.stage}/${context.stage}-api-primary.tfstate`;
    const Info = JSON.stringify({ ID: '1', Operation: 'OperationTypeApply', Who: 'somebody@else', Path: LockID });
    const TableName = lockTableName(context);
    await dynamodb.send(new PutItemCommand({ TableName, Item: { LockID: { S: LockID }, Info: { S: Info } } }));
    const failure = await deploy({ stacks: ['api-primary', 'entry-primary'] }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeployError);
    expect(String(failure)).toMatch(
      /api-primary.+Error acquiring the state lock.+somebody@else.+force-unlock.+Not begun: entry-primary.+two-region deploy/s,
    );
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { LockID: { S: LockID } } }));
    const report = await deploy({ stacks: ['api-primary'] });
    expect(report.stacks).toMatchObject([{ stack: 'api-primary', outcome: 'unchanged' }]);
  });

  it('finds a missing parameter before anything is applied (S0.6)', async () => {
    const { context, moto } = stage;
    const ssm = new SSMClient(clientSettings(moto, context.settings.primaryRegion));
    await ssm.send(new DeleteParameterCommand({ Name: parameterPath(context, 'hosted_zone_id') }));
    const failure = await deploy().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ParametersError);
    expect(String(failure)).toContain('hosted_zone_id: is not set.');
  });
});
