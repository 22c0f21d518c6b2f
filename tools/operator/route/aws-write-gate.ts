import {
  APIGatewayClient,
  GetStagesCommand as GetRestStagesCommand,
  type MethodSetting,
  type PatchOperation,
  type Stage as RestStage,
  UpdateStageCommand as UpdateRestStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  DeleteRouteSettingsCommand,
  GetStagesCommand,
  type Stage,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { tables } from '#functions/environment.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { everyPage } from '#operator/aws/every-page.ts';
import { closedRoutes, httpApiId, httpRoutes } from '#operator/live/http-gateway.ts';
import { closedMethods, EVERY_METHOD, restApiId, restRoutes } from '#operator/live/rest-gateway.ts';
import { inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { prefix, tableName } from '#stacks/naming.ts';
import { type WriteGate, writingRoutes } from './write-gate.ts';

/** How far back latency is looked at: the heartbeat writes once a minute. */
const RECENT_MILLISECONDS = 15 * 60_000;

/**
 * Holds writes by limits of zero on the routes that write, in the stages of the region's own API Gateway: nothing else is asked, besides its CloudWatch.
 * The stacks set limits of whole stages alone, so that what is a route's own was put there by this.
 *
 * Source: Amazon API Gateway REST API, UpdateStage and its patch operations; Version 2 API, UpdateStage and DeleteRouteSettings.
 */
export function awsWriteGate(context: StageContext, regionType: RegionType): WriteGate {
  const { region } = inRegion(context, regionType);
  const settings = clientSettings(accessOf(context), region);
  const rest = restGate(context, new APIGatewayClient(settings));
  const http = httpGate(context, new ApiGatewayV2Client(settings));
  const receiver = inRegion(context, otherRegion(regionType)).region;
  return {
    region,
    latency: () => greatestLatency(context, new CloudWatchClient(settings), receiver),
    hold: async () => (await rest.hold()) + (await http.hold()),
    release: async () => {
      const ended = await Promise.allSettled([rest.release(), http.release()]);
      for (const each of ended) if (each.status === 'rejected') throw each.reason;
    },
  };
}

type Gate = Pick<WriteGate, 'hold' | 'release'>;

/** Of the REST API. */
function restGate(context: StageContext, client: APIGatewayClient): Gate {
  const stages = async () => {
    const restApi = await restApiId(client, prefix(context));
    if (restApi === undefined) return [];
    const { item = [] } = await client.send(new GetRestStagesCommand({ restApiId: restApi }));
    return item.filter(isLiveOf(context, ({ stageName }) => stageName)).map((stage) => ({ restApi, stage }));
  };
  const patch = async (restApi: string, { stageName }: RestStage, patchOperations: PatchOperation[]) => {
    if (patchOperations.length > 0)
      await client.send(new UpdateRestStageCommand({ restApiId: restApi, stageName, patchOperations }));
  };
  return {
    hold: async () => {
      const held = new Set<string>();
      for (const { restApi, stage } of await stages()) {
        const routes = (await restRoutes(client, restApi, stage.deploymentId ?? '')) ?? [];
        const writing = writingRoutes({ kind: 'rest', routes });
        for (const route of writing) held.add(route);
        const ofStage = stage.methodSettings?.[EVERY_METHOD] ?? {};
        await patch(
          restApi,
          stage,
          writing.flatMap((route) => closing(methodKey(route), ofStage)),
        );
      }
      return held.size;
    },
    release: async () => {
      for (const { restApi, stage } of await stages()) {
        await patch(
          restApi,
          stage,
          closedMethods(stage).map((key) => ({ op: 'remove', path: `/${key}` })),
        );
      }
    },
  };
}

/** `~1user~1{id}/GET` of `GET /user/{id}`: slashes of a path are escaped as JSON Pointer has it. */
function methodKey(route: string): string {
  const [method = '', path = ''] = route.split(' ');
  return `${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`;
}

/** A method that has settings of its own has all of them, so the stage's are said again. */
function closing(key: string, { metricsEnabled, loggingLevel, dataTraceEnabled }: MethodSetting): PatchOperation[] {
  const values = {
    'metrics/enabled': String(metricsEnabled ?? false),
    'logging/loglevel': loggingLevel ?? 'OFF',
    'logging/dataTrace': String(dataTraceEnabled ?? false),
    'throttling/rateLimit': '0',
    'throttling/burstLimit': '0',
  };
  return Object.entries(values).map(([name, value]) => ({ op: 'replace', path: `/${key}/${name}`, value }));
}

/** Of the HTTP API. */
function httpGate(context: StageContext, client: ApiGatewayV2Client): Gate {
  const stages = async () => {
    const ApiId = await httpApiId(client, prefix(context));
    if (ApiId === undefined) return [];
    const all = await everyPage((NextToken) => client.send(new GetStagesCommand({ ApiId, NextToken })));
    return all.filter(isLiveOf(context, ({ StageName }: Stage) => StageName)).map((stage) => ({ ApiId, stage }));
  };
  return {
    hold: async () => {
      const held = new Set<string>();
      for (const { ApiId, stage } of await stages()) {
        const routes = (await httpRoutes(client, ApiId, stage.StageName ?? '')) ?? [];
        const writing = writingRoutes({ kind: 'http', routes });
        if (writing.length === 0) continue;
        for (const route of writing) held.add(route);
        const DetailedMetricsEnabled = stage.DefaultRouteSettings?.DetailedMetricsEnabled ?? false;
        const closed = { DetailedMetricsEnabled, ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 };
        const RouteSettings = Object.fromEntries(writing.map((route) => [route, closed]));
        await client.send(new UpdateStageCommand({ ApiId, StageName: stage.StageName, RouteSettings }));
      }
      return held.size;
    },
    release: async () => {
      for (const { ApiId, stage } of await stages()) {
        for (const RouteKey of closedRoutes(stage)) {
          await client.send(new DeleteRouteSettingsCommand({ ApiId, StageName: stage.StageName, RouteKey }));
        }
      }
    },
  };
}

/** The environment `preview` has data of its own. */
function isLiveOf<S>({ settings }: StageContext, nameOf: (stage: S) => string | undefined): (stage: S) => boolean {
  return (stage) => settings.apiEnvironments.some((environment) => environment === nameOf(stage));
}

/** Source: Amazon DynamoDB Developer Guide, "Global tables: monitoring", `ReplicationLatency` in milliseconds. */
async function greatestLatency(
  context: StageContext,
  client: CloudWatchClient,
  receiver: string,
): Promise<number | undefined> {
  const now = Date.now();
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - RECENT_MILLISECONDS),
      EndTime: new Date(now),
      MetricDataQueries: Object.keys(tables).map((table, at) => ({
        Id: `m${at}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/DynamoDB',
            MetricName: 'ReplicationLatency',
            Dimensions: [
              { Name: 'TableName', Value: tableName(context, table) },
              { Name: 'ReceivingRegion', Value: receiver },
            ],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
  return values.length === 0 ? undefined : Math.max(...values);
}
