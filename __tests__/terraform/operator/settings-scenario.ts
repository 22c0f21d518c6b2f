import { APIGatewayClient, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { type DeployOptions, type DeployPorts, deployStage } from '#operator/deploy/deploy-stage.ts';
import { destroyEnvironment } from '#operator/destroy/destroy-environment.ts';
import { heldStacks } from '#operator/destroy/held-stacks.ts';
import { diffStage } from '#operator/diff/diff-stage.ts';
import { readRecords } from '#operator/live/read-records.ts';
import { readTargets } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { awsTidyRegion } from '#operator/tidy/aws-region.ts';
import { tidyStage } from '#operator/tidy/tidy-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { prefix, tableName } from '#stacks/naming.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { synthesizeOtherRelease } from './another-release.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

/** Another settings.conf for a stage whose environments run the other release, with the target envA. In one region. */
export function settingsScenario(stage: () => StageOnMoto): void {
  describe.sequential('settings that change (B12)', () => {
    const synthesizeIn = (context: StageContext) => (records: ReleaseRecords) =>
      synthesizeOtherRelease(context, `${stage().directory}/cdktf.out`, records);
    const deploy = (
      context: StageContext,
      options: Partial<DeployOptions>,
      confirmLiveChange: DeployPorts['confirmLiveChange'],
    ) =>
      deployStage(
        context,
        {
          ...stage(),
          synthesize: synthesizeIn(context),
          confirmFirst: async () => undefined,
          confirmLive: () => Promise.reject(new Error('The live environment is not meant.')),
          confirmLiveChange,
          onResult: ({ stack, outcome, seconds }) => console.log(`${stack} ${outcome} ${seconds.toFixed(0)} s`),
        },
        { again: 'two-region deploy', ...options },
      );
    const withEnvironments = (...apiEnvironments: readonly string[]): StageContext => {
      const { context } = stage();
      return { ...context, settings: { ...context.settings, apiEnvironments } };
    };

    it('for CORS and limits are named and asked about, and applied for all environments at once or not at all', {
      timeout: LONG,
    }, async () => {
      const { context, moto } = stage();
      const { settings } = context;
      const changed: StageContext = {
        ...context,
        settings: {
          ...settings,
          cors: { ...settings.cors, maxAgeSeconds: 60 },
          usagePlan: { ...settings.usagePlan, rateLimit: 10 },
        },
      };
      const client = clientSettings(moto, settings.primaryRegion);
      const applied = async () => {
        const { Items = [] } = await new ApiGatewayV2Client(client).send(new GetApisCommand({}));
        const { items = [] } = await new APIGatewayClient(client).send(new GetUsagePlansCommand({}));
        return {
          maxAge: Items[0]?.CorsConfiguration?.MaxAge,
          rate: items.find(({ name }) => name === prefix(context))?.throttle?.rateLimit,
        };
      };
      const only = ['api-primary', 'entry-primary'];
      const asked: string[] = [];
      const refused = deploy(changed, { only }, async (changes) => {
        asked.push(...changes);
        throw new RefusedError('Not a terminal: pass --allow-live-change to confirm.');
      });
      await expect(refused).rejects.toThrow(/failed in api-primary.+--allow-live-change.+Not begun: entry-primary/s);
      expect(await applied()).toEqual({ maxAge: settings.cors.maxAgeSeconds, rate: settings.usagePlan.rateLimit });

      await deploy(changed, { only }, async (changes) => {
        asked.push(...changes);
      });
      expect(asked.map((line) => line.replace(/\.\S+/, ''))).toEqual([
        'api: change aws_apigatewayv2_api (cors_configuration)',
        'api: change aws_apigatewayv2_api (cors_configuration)',
        'entry: change aws_api_gateway_usage_plan (throttle_settings)',
      ]);
      expect(await applied()).toEqual({ maxAge: 60, rate: 10 });
      await deploy(context, { only }, async () => undefined);
    });

    it('for an environment more make its stacks and take it into the usage plan, and nothing else anew', {
      timeout: LONG,
    }, async () => {
      const more = withEnvironments('envA', 'envB', 'envC');
      const ports = { ...stage(), synthesize: synthesizeIn(more) };
      const { stacks: planned } = await diffStage(more, ports, ['envC-primary', 'entry-primary', 'routing'], {});
      const [envC, entry, routing] = planned;
      expect(envC).toMatchObject({ stack: 'envC-primary', outcome: 'changes' });
      expect(entry).toMatchObject({ stack: 'entry-primary', outcome: 'later', counts: { add: 0, replace: 0 } });
      expect(routing).toMatchObject({ stack: 'routing', counts: { add: 0, replace: 0, destroy: 0 } });
      const asked: string[] = [];
      await deploy(more, { only: ['envC-primary', 'entry-primary'] }, async (changes) => {
        asked.push(...changes);
      });
      expect(asked).toEqual([expect.stringMatching(/^entry: change aws_api_gateway_usage_plan\.\S+ \(api_stages\)$/)]);
      const [record] = (await stage().live.regions.primary.records()).filter(
        ({ environment }) => environment === 'envC',
      );
      expect(Object.keys(record?.functions ?? {})).toContain('probe');
    });

    it('refuse to forget an environment that is there, live or idle, before anything is planned', async () => {
      const nothing = () => Promise.reject(new Error('Nothing is to be planned.'));
      await expect(deploy(withEnvironments('envB', 'envC'), {}, nothing)).rejects.toThrow(
        /envA is deployed and receives live traffic: put its name back/,
      );
      await expect(deploy(withEnvironments('envA', 'envB'), {}, nothing)).rejects.toThrow(
        /envC is deployed: .+destroy dev --env envC/,
      );
    });

    it('forget an idle environment when it is taken down, and its stacks are gone (B20)', {
      timeout: LONG,
    }, async () => {
      const { context, journal, live, terraform } = stage();
      const held = () => heldStacks(context, awsStateStores(context).primary);
      const report = await destroyEnvironment(
        context,
        {
          held,
          records: () => readRecords(live.regions),
          target: async () => liveTarget(await readTargets(context, live.regions)),
          journal,
          synthesize: (full, records) => synthesizeIn(full)(records),
          terraform,
          confirm: async () => undefined,
        },
        { environment: 'envC', again: 'two-region destroy dev --env envC' },
      );
      expect(report.stacks).toMatchObject([{ stack: 'envC-primary', outcome: 'destroyed' }]);
      expect((await held()).map(({ kind }) => kind)).not.toContain('envC');
      const records = await readRecords(live.regions);
      expect(records.primary.map(({ environment }) => environment)).toEqual(['envA', 'envB', 'preview']);
      // What was in the way of a plan is gone.
      const { stacks } = await diffStage(
        context,
        { ...stage(), synthesize: synthesizeIn(context) },
        ['api-primary', 'entry-primary'],
        {},
      );
      expect(stacks.map(({ stack, outcome }) => `${stack} ${outcome}`)).toEqual([
        'api-primary none',
        'entry-primary none',
      ]);
    });

    it('leave tables behind that nothing needs: tidy names them, and lets them go when that is meant (B20)', {
      timeout: LONG,
    }, async () => {
      const { context, journal, live, moto, terraform } = stage();
      const tidy = (allowDataLoss: boolean) =>
        tidyStage(
          context,
          {
            regions: { primary: awsTidyRegion(context, 'primary'), secondary: awsTidyRegion(context, 'secondary') },
            records: () => readRecords(live.regions),
            target: async () => liveTarget(await readTargets(context, live.regions)),
            journal,
            synthesize: synthesizeIn(context),
            terraform,
            confirm: async () => undefined,
          },
          { allowDataLoss },
        );
      const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
      const tables = async () => (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
      const { remarks } = await tidy(false);
      expect(remarks).toContainEqual(
        expect.stringMatching(/data stays.+destroy aws_dynamodb_table.+table-b.+--allow-data-loss/s),
      );
      expect(await tables()).toContain(tableName(context, 'table-b'));
      const { stacks } = await tidy(true);
      expect(stacks).toContainEqual(expect.objectContaining({ stack: 'data', outcome: 'applied' }));
      expect(await tables()).not.toContain(tableName(context, 'table-b'));
    });
  });
}
