import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { type DeployOptions, deployStage } from '#operator/deploy/deploy-stage.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StageContext } from '#stacks/context.ts';
import { functionName, roleName, tableName } from '#stacks/naming.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import type { StageContent } from '#stacks/stage-app.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { otherTables, synthesizeOtherRelease } from './another-release.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

/**
 * A release that changes whatever can be changed goes to the idle environment of a stage that is deployed with the target envA, in one region, as
 * both are made by the same code. Afterwards both environments run it: only destroying the stage can come after it.
 */
export function releaseScenario(stage: () => StageOnMoto): void {
  describe.sequential('expand, switch, contract (B12)', () => {
    const synthesizeOther = (
      records: ReleaseRecords | undefined,
      changes: Partial<StageContent> = {},
      context: StageContext = stage().context,
    ) => synthesizeOtherRelease(context, `${stage().directory}/cdktf.out`, records, changes);
    const deploy = (options: Partial<DeployOptions>) =>
      deployStage(
        stage().context,
        {
          ...stage(),
          synthesize: (records) => synthesizeOther(records),
          confirmFirst: () => Promise.reject(new Error('This is no first deploy.')),
          confirmLive: async () => undefined,
          confirmLiveChange: async (changes) => {
            throw new Error(`Nothing of this is live: ${changes.join(', ')}`);
          },
          onPlan: ({ stack, changes }) => {
            const removed = changes.filter(({ action }) => action === 'destroy' || action === 'replace');
            console.log(`${stack.name}: ${removed.map(({ address, action }) => `${action} ${address}`).join(', ')}`);
          },
          onResult: ({ stack, outcome, seconds, problem = '' }) =>
            console.log(`${stack} ${outcome} ${seconds.toFixed(0)} s ${problem}`),
        },
        { again: 'two-region deploy', ...options },
      );
    const plan = (stacks: readonly SynthesizedStack[], name: string) => {
      const stack = stacks.find((each) => each.name === name);
      if (stack === undefined) throw new Error(`There is no stack ${name}.`);
      return stage().terraform.plan(stack, { target_env: 'envA' });
    };

    /** Everything outside an environment's own stack that one environment runs on. */
    const foundationOf = async (environment: string) => {
      const { context, live, moto } = stage();
      const { primaryRegion: region } = context.settings;
      const lambda = new LambdaClient(clientSettings(moto, region));
      const iam = new IAMClient(clientSettings(moto, region));
      const record = (await live.regions.primary.records()).find((each) => each.environment === environment);
      const policyOf = async (RoleName: string, PolicyName: string) =>
        (await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))).PolicyDocument;
      const functions = await Promise.all(
        Object.entries(record?.functions ?? {}).map(async ([name, { role }]) => {
          const FunctionName = functionName(context, name);
          const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName, Name: environment }));
          const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName, Qualifier: environment }));
          // moto answers with every alias's statements.
          const { Statement }: { Statement: { Sid: string }[] } = JSON.parse(Policy);
          const permissions = Statement.filter(({ Sid }) => Sid.startsWith(`${environment}-`));
          return {
            name,
            FunctionVersion,
            permissions,
            policy: await policyOf(role.name, 'function'),
          };
        }),
      );
      const invoker = await policyOf(
        roleName({ ...context, regionType: 'primary', region }, 'events-invoker'),
        'invoke',
      );
      return { record, functions, mayInvoke: decodeURIComponent(invoker ?? '').includes(`/${environment}/GET/events`) };
    };
    const tables = async () => {
      const { context, moto } = stage();
      const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
      return (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
    };
    const sizeOf = async (name: string) => {
      const { context, moto } = stage();
      const lambda = new LambdaClient(clientSettings(moto, context.settings.primaryRegion));
      const asked = new GetFunctionConfigurationCommand({ FunctionName: functionName(context, name) });
      const { MemorySize, Timeout } = await lambda.send(asked);
      return { MemorySize, Timeout };
    };
    const roles = (record: Awaited<ReturnType<typeof foundationOf>>['record']) =>
      Object.values(record?.functions ?? {}).map(({ role }) => role.name);

    it('adds to what the live environment runs on, and takes nothing from it', { timeout: LONG }, async () => {
      const before = await foundationOf('envA');
      expect(before.functions.map(({ name }) => name)).toContain('test');
      expect(before.mayInvoke).toBe(true);
      const report = await deploy({ only: ['data', 'api-primary', 'envB-primary'] });
      expect(report.stacks.map(({ stack, outcome }) => `${stack} ${outcome}`)).toEqual([
        // The table that the release no longer has stays as it is: alarms and the dashboard read its name, too.
        'data unchanged',
        'api-primary applied',
        'envB-primary applied',
      ]);
      expect(await foundationOf('envA')).toEqual(before);
      expect(await tables()).toContain(tableName(stage().context, 'table-b'));
      const { record } = await foundationOf('envB');
      expect(Object.keys(record?.functions ?? {}).sort()).toEqual([
        'events',
        'healthcheck',
        'probe',
        'user',
        'user-writer',
      ]);
      expect(await sizeOf('probe')).toEqual({ MemorySize: 512, Timeout: 20 });
      // Whose permissions are the same has one role in both environments; whose are fewer has another one.
      const shared = roles(record).filter((name) => roles(before.record).includes(name));
      expect(shared).toEqual([expect.stringContaining('-events-')]);
    });

    it('stops a plan of raw Terraform that would take away what is live, and names it', { timeout: LONG }, async () => {
      const stacks = await synthesizeOther(undefined);
      await expect(plan(stacks, 'api-primary')).rejects.toThrow(
        /run functions that this configuration does not have: .*test \(envA\).*two-region deploy/s,
      );
      await expect(plan(stacks, 'data')).rejects.toThrow(/table-b by id \(envA\)/);
    });

    it('refuses another key for a table that an environment runs on, and says how to get there', {
      timeout: LONG,
    }, async () => {
      const { live } = stage();
      const tables = { ...otherTables, user: { partitionKey: 'email' } };
      const records = { primary: await live.regions.primary.records(), secondary: [] };
      await expect(synthesizeOther(records, { tables })).rejects.toThrow(
        /The table user is found by id in what .*envA.* and by email.+declare another one beside it/s,
      );
      await expect(plan(await synthesizeOther(undefined, { tables }), 'data')).rejects.toThrow(/user by id \(.*envA/);
    });

    it('stops every plan without an environment that is deployed, before anything is applied', {
      timeout: LONG,
    }, async () => {
      const { context } = stage();
      const settings = { ...context.settings, apiEnvironments: ['envB', 'envC'] };
      const stacks = await synthesizeOther(undefined, {}, { ...context, settings });
      await expect(plan(stacks, 'api-primary')).rejects.toThrow(
        /API_ENVIRONMENTS of settings.conf does not name environments that are deployed: envA \(envA\).*Put the name back/s,
      );
    });

    it('removes what no environment needs any more in a later deploy, data only if that is meant', {
      timeout: LONG,
    }, async () => {
      const { context } = stage();
      const before = await foundationOf('envA');
      await deploy({ only: ['envA-primary'], withNewVersions: true });
      expect((await foundationOf('envA')).functions.map(({ name }) => name)).not.toContain('test');
      const { stacks } = await deploy({ only: ['api-primary'] });
      expect(stacks).toMatchObject([{ stack: 'api-primary', outcome: 'applied', changes: { replace: 0 } }]);
      expect((await foundationOf('envA')).mayInvoke).toBe(false);
      const { moto } = stage();
      const lambda = new LambdaClient(clientSettings(moto, context.settings.primaryRegion));
      const gone = lambda.send(new GetAliasCommand({ FunctionName: functionName(context, 'test'), Name: 'envA' }));
      await expect(gone).rejects.toThrow(expect.objectContaining({ name: 'ResourceNotFoundException' }));
      const iam = new IAMClient(clientSettings(moto, context.settings.primaryRegion));
      const old = roles(before.record).filter((name) => name.includes('-test-'));
      expect(old).toHaveLength(1);
      const policies = () =>
        Promise.allSettled(
          old.map((RoleName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'function' }))),
        );
      // preview runs with the old role until it is deployed, too.
      expect(await policies()).toMatchObject([{ status: 'fulfilled' }]);
      await deploy({ only: ['preview-primary'] });
      await deploy({ only: ['api-primary'] });
      expect(await policies()).toMatchObject([{ status: 'rejected', reason: { name: 'NoSuchEntityException' } }]);
      // The other region needs the table still: nothing of it is planned.
      expect(await deploy({ only: ['data'] })).toMatchObject({ stacks: [{ outcome: 'unchanged' }] });
      const secondary = ['envA-secondary', 'envB-secondary', 'preview-secondary'];
      await deploy({ only: ['api-secondary', ...secondary], withNewVersions: true });
      await expect(deploy({ only: ['data'] })).rejects.toThrow(
        /destroy aws_dynamodb_table.+table-b.+--allow-data-loss/s,
      );
    });
  });
}
