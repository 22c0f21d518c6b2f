import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetServiceSettingCommand, SSMClient } from '@aws-sdk/client-ssm';
import { tables } from '#functions/environment.ts';
import { appliedQuota } from '#operator/account/quotas.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { httpApiId } from '#operator/live/http-gateway.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { prefix, tableName } from '#stacks/naming.ts';
import { LOAD_QUOTAS, type LoadQuota, type RegionLoad } from './standby-quotas.ts';

const DAY_MILLISECONDS = 86_400_000;
const PERIOD_SECONDS = 60;

/** Of `GetParameter`, without and with the setting. Source: AWS Systems Manager User Guide, "Changing Parameter Store throughput". */
const PARAMETERS_PER_SECOND = { usual: 40, high: 10_000 };

/** A metric whose highest minute is looked for. */
interface Measured {
  readonly quota: LoadQuota;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Sum';
}

/** Quotas of a region and the highest minute of the last day there. What may not be asked is left out, and so what it would say. */
export async function readRegionLoad(context: StageContext, regionType: RegionType): Promise<RegionLoad> {
  const { region } = inRegion(context, regionType);
  const settings = clientSettings(accessOf(context), region);
  const quotas = new ServiceQuotasClient(settings);
  const ofTables = (name: 'reads' | 'writes') =>
    appliedQuota(quotas, LOAD_QUOTAS[name].service, LOAD_QUOTAS[name].code);
  const unlessRefused = <T>(asked: Promise<T>) => asked.catch(() => undefined);
  const [lambda, gateway, reads, writes, throughput, peak] = await Promise.all([
    unlessRefused(new LambdaClient(settings).send(new GetAccountSettingsCommand({}))),
    unlessRefused(new APIGatewayClient(settings).send(new GetAccountCommand({}))),
    ofTables('reads'),
    ofTables('writes'),
    unlessRefused(
      new SSMClient(settings).send(
        new GetServiceSettingCommand({ SettingId: '/ssm/parameter-store/high-throughput-enabled' }),
      ),
    ),
    unlessRefused(readPeaks(context, settings)),
  ]);
  const isHigh = throughput?.ServiceSetting?.SettingValue;
  const known = {
    executions: lambda?.AccountLimit?.ConcurrentExecutions,
    requests: gateway?.throttleSettings?.rateLimit,
    burst: gateway?.throttleSettings?.burstLimit,
    reads,
    writes,
    parameters: isHigh === undefined ? undefined : PARAMETERS_PER_SECOND[isHigh === 'true' ? 'high' : 'usual'],
  };
  const applied = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { region, applied, peak: peak ?? {} };
}

async function readPeaks(
  context: StageContext,
  settings: ReturnType<typeof clientSettings>,
): Promise<Readonly<Partial<Record<LoadQuota, number>>>> {
  const apiId = await httpApiId(new ApiGatewayV2Client(settings), prefix(context));
  const measured = measuredOf(context, apiId);
  const now = Date.now();
  const { MetricDataResults = [] } = await new CloudWatchClient(settings).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - DAY_MILLISECONDS),
      EndTime: new Date(now),
      MetricDataQueries: measured.map(({ namespace, name, dimensions, statistic }, at) => ({
        Id: `m${at}`,
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: PERIOD_SECONDS,
          Stat: statistic,
        },
      })),
    }),
  );
  const highest = new Map<LoadQuota, number>();
  for (const [at, { quota, statistic }] of measured.entries()) {
    const { Values = [] } = MetricDataResults.find(({ Id }) => Id === `m${at}`) ?? {};
    if (Values.length === 0) continue;
    const most = Values.reduce((max, value) => Math.max(max, value), 0) / (statistic === 'Sum' ? PERIOD_SECONDS : 1);
    const before = highest.get(quota);
    // Requests of both APIs count against one quota; of tables the busiest counts.
    const isShared = quota === 'requests';
    highest.set(quota, before === undefined ? most : isShared ? before + most : Math.max(before, most));
  }
  return Object.fromEntries(highest);
}

/** Source: user guides of the services, "Metrics"; Amazon CloudWatch User Guide, "AWS usage metrics". */
function measuredOf(context: StageContext, apiId: string | undefined): readonly Measured[] {
  const gateway = { quota: 'requests', namespace: 'AWS/ApiGateway', name: 'Count', statistic: 'Sum' } as const;
  return [
    {
      quota: 'executions',
      namespace: 'AWS/Lambda',
      name: 'ConcurrentExecutions',
      dimensions: {},
      statistic: 'Maximum',
    },
    { ...gateway, dimensions: { ApiName: prefix(context) } },
    ...(apiId === undefined ? [] : [{ ...gateway, dimensions: { ApiId: apiId } }]),
    ...Object.keys(tables).flatMap((table): readonly Measured[] => {
      const of = { namespace: 'AWS/DynamoDB', dimensions: { TableName: tableName(context, table) } } as const;
      return [
        { ...of, quota: 'reads', name: 'ConsumedReadCapacityUnits', statistic: 'Sum' },
        { ...of, quota: 'writes', name: 'ConsumedWriteCapacityUnits', statistic: 'Sum' },
      ];
    }),
    {
      quota: 'parameters',
      namespace: 'AWS/Usage',
      name: 'CallCount',
      dimensions: { Type: 'API', Resource: 'GetParameter', Service: 'SSM', Class: 'None' },
      statistic: 'Sum',
    },
  ];
}
