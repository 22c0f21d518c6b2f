import {
  APIGatewayClient,
  GetDeploymentCommand,
  GetRestApisCommand,
  GetStagesCommand as GetRestStagesCommand,
  UpdateStageCommand as UpdateRestStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  DeleteRouteSettingsCommand,
  ExportApiCommand,
  GetApisCommand,
  GetStagesCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { httpStages } from '#operator/live/http-gateway.ts';
import type { LiveGatewayStage } from '#operator/live/live-region.ts';
import { restStages } from '#operator/live/rest-gateway.ts';
import { awsWriteGate } from '#operator/route/aws-write-gate.ts';
import { writingRoutes } from '#operator/route/write-gate.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';

const mocks = [mockClient(APIGatewayClient), mockClient(ApiGatewayV2Client), mockClient(CloudWatchClient)] as const;
const [rest, http, metrics] = mocks;
afterAll(() => {
  for (const mock of mocks) mock.restore();
});
const CLOSED = { throttlingRateLimit: 0, throttlingBurstLimit: 0 };
const OF_STAGE = { metricsEnabled: true, loggingLevel: 'ERROR', throttlingRateLimit: 100, throttlingBurstLimit: 200 };

beforeEach(() => {
  for (const each of [rest, http, metrics]) each.reset();
  rest.on(GetRestApisCommand).resolves({ items: [{ id: 'r1', name: 'two-region-api-dev' }] });
  rest.on(GetRestStagesCommand).resolves({
    item: [
      { stageName: 'envA', deploymentId: 'd1', methodSettings: { '*/*': OF_STAGE, '~1user~1{id}/POST': CLOSED } },
      { stageName: 'preview', deploymentId: 'd2', methodSettings: { '*/*': OF_STAGE, '~1test/GET': CLOSED } },
    ],
  });
  rest.on(GetDeploymentCommand).resolves({
    apiSummary: { '/user/{id}': { GET: {}, POST: {}, OPTIONS: {} }, '/healthcheck': { GET: {} }, '/test': { GET: {} } },
  });
  rest.on(UpdateRestStageCommand).resolves({});
  http.on(GetApisCommand).resolves({
    Items: [{ ApiId: 'h1', Name: 'two-region-api-dev', ProtocolType: 'HTTP', RouteSelectionExpression: '' }],
  });
  http.on(GetStagesCommand).resolves({
    Items: [
      {
        StageName: 'envA',
        DefaultRouteSettings: { DetailedMetricsEnabled: true },
        RouteSettings: {
          'POST /event/{message}': { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 },
          'GET /events': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 },
        },
      },
    ],
  });
});

/** The HTTP API of a release that this working tree does not know. */
function exported(): void {
  const paths = { '/of-another-release': { post: {} } };
  const body = new TextEncoder().encode(JSON.stringify({ paths }));
  // @ts-expect-error The SDK's own bytes have methods that nobody asks for here.
  http.on(ExportApiCommand).resolves({ body });
}

const gate = () => awsWriteGate(context, 'primary');

describe('writes of a region on AWS (S4.2)', () => {
  it('are told by what functions may do, not by the method; what is not known writes', () => {
    const routes = [
      'GET /test',
      'GET /user/{id}',
      'POST /user/{id}',
      'OPTIONS /user/{id}',
      'GET /gone',
      'GET /healthcheck',
    ];
    expect(writingRoutes({ kind: 'rest', routes })).toEqual(['GET /test', 'POST /user/{id}', 'GET /gone']);
  });

  it('are held by limits of zero on those routes, with what else the stage says of them', async () => {
    exported();
    expect(await gate().hold()).toBe(3);
    const [call, ...others] = rest.commandCalls(UpdateRestStageCommand).map(({ args }) => args[0].input);
    expect(others).toEqual([]);
    expect(call?.stageName).toBe('envA');
    expect(call?.patchOperations?.map(({ op, path, value }) => `${op} ${path} ${value}`)).toEqual(
      ['~1user~1{id}/POST', '~1test/GET'].flatMap((method) => [
        `replace /${method}/metrics/enabled true`,
        `replace /${method}/logging/loglevel ERROR`,
        `replace /${method}/logging/dataTrace false`,
        `replace /${method}/throttling/rateLimit 0`,
        `replace /${method}/throttling/burstLimit 0`,
      ]),
    );
    expect(http.commandCalls(UpdateStageCommand).map(({ args }) => args[0].input)).toEqual([
      {
        ApiId: 'h1',
        StageName: 'envA',
        RouteSettings: {
          'POST /of-another-release': { DetailedMetricsEnabled: true, ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 },
        },
      },
    ]);
  });

  it('are counted while they are held, for whoever asks what is live', async () => {
    const heldIn = (stages: ReadonlyMap<string, LiveGatewayStage>) =>
      [...stages].map(([name, { held }]) => [name, held]);
    const ofRest = await restStages(new APIGatewayClient({ region: 'eu-central-1' }), 'r1');
    expect(heldIn(ofRest)).toEqual([
      ['envA', 1],
      ['preview', 1],
    ]);
    // A limit of five is no closed route.
    const ofHttp = await httpStages(new ApiGatewayV2Client({ region: 'eu-central-1' }), 'h1');
    expect(heldIn(ofHttp)).toEqual([['envA', 1]]);
  });

  it('are let again where limits are zero, whichever run made them so, and nowhere else', async () => {
    await gate().release();
    expect(rest.commandCalls(UpdateRestStageCommand).map(({ args }) => args[0].input)).toEqual([
      { restApiId: 'r1', stageName: 'envA', patchOperations: [{ op: 'remove', path: '/~1user~1{id}/POST' }] },
    ]);
    expect(http.commandCalls(DeleteRouteSettingsCommand).map(({ args }) => args[0].input)).toEqual([
      { ApiId: 'h1', StageName: 'envA', RouteKey: 'POST /event/{message}' },
    ]);
  });

  it('are let again in one API though the other one does not respond', async () => {
    rest.on(GetRestApisCommand).rejects(new Error('connect ECONNREFUSED'));
    await expect(gate().release()).rejects.toThrow('ECONNREFUSED');
    expect(http.commandCalls(DeleteRouteSettingsCommand)).toHaveLength(1);
  });

  it('are as far behind in the other region as the slowest table was', async () => {
    metrics
      .on(GetMetricDataCommand)
      .resolves({ MetricDataResults: [{ Values: [400, 900] }, { Values: [] }, { Values: [700] }] });
    expect(await gate().latency()).toBe(900);
    const asked =
      metrics.commandCalls(GetMetricDataCommand)[0]?.args[0].input.MetricDataQueries?.[0]?.MetricStat?.Metric;
    expect(asked?.Dimensions).toContainEqual({ Name: 'ReceivingRegion', Value: 'eu-west-1' });
    metrics.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Values: [] }] });
    expect(await gate().latency()).toBeUndefined();
  });
});
