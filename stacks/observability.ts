import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ServiceDashboard } from '#constructs/container/service-dashboard.ts';
import { replicationLatency } from '#constructs/object-replication.ts';
import { AlarmTopic } from '#constructs/watch/alarm-topic.ts';
import { Dashboard } from '#constructs/watch/dashboard.ts';
import { httpMetrics, restMetrics } from '#constructs/watch/gateway-alarms.ts';
import { heartbeatAge } from '#constructs/watch/heartbeat.ts';
import { LogQueries } from '#constructs/watch/log-queries.ts';
import { MetricAlarm } from '#constructs/watch/metric-alarm.ts';
import { ReadinessAlarms } from '#constructs/watch/readiness-alarms.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { Api } from './api.ts';
import type { Container } from './container.ts';
import {
  activeRegion,
  inRegion,
  otherRegion,
  type RegionContext,
  type RegionType,
  type StageContext,
  standsBy,
} from './context.ts';
import type { Data } from './data.ts';
import { journeyLines } from './journeys.ts';
import {
  bucketName,
  CONTAINER,
  containerName,
  DATA_BUCKET,
  functionLogGroup,
  functionName,
  healthTopicName,
  httpAccessLogGroup,
  OBJECT_RULE,
  prefix,
  READINESS_ALARMS,
  restAccessLogGroup,
  sickAlarmName,
} from './naming.ts';
import type { Routing } from './routing.ts';
import { partitionOf, route53Region } from './settings/partitions.ts';
import { stageParameter } from './stage-parameter.ts';
import { addProvider, createStack } from './stage-stack.ts';

export interface ObservabilityInputs {
  readonly apis: Readonly<Record<RegionType, Api>>;
  readonly data: Data;
  readonly routing: Routing;
  /** @default - there is no container API */
  readonly containers?: Readonly<Record<RegionType, Container>> | undefined;
}

const REGION_TYPES = ['primary', 'secondary'] as const;

/**
 * `<stage>-observability`: what is about both regions at once, or about the way into them: the dashboard, alarms on Route 53's health checks, which
 * have their metrics in one region of the partition, on runs of readiness, and an alarm in each region that nothing at all asks it. It comes last, as before there is a
 * health check nobody asks.
 */
export function createObservabilityStack(scope: Construct, context: StageContext, inputs: ObservabilityInputs): void {
  const { primaryRegion, secondaryRegion } = context.settings;
  const { stack, provider } = createStack(scope, context, 'observability', secondaryRegion);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const providers = { primary: addProvider(stack, context, primaryRegion, 'primary'), secondary: provider };
  watchHealthChecks(stack, context, inputs.routing, accountId);
  const regions = REGION_TYPES.map((regionType) => {
    const region = inRegion(context, regionType);
    const api = inputs.apis[regionType];
    watchSilence(stack, region, api, providers[regionType]);
    saveQueries(stack, region, api, providers[regionType]);
    return dashboardRegion(region, api, inputs.data, accountId);
  });
  const { readinessHours: hours } = context.settings.alarms;
  if (hours > 0) {
    new ReadinessAlarms(stack, 'readiness', {
      alarmNames: {
        failed: `${prefix(context)}-${READINESS_ALARMS.failed}`,
        silence: `${prefix(context)}-${READINESS_ALARMS.silence}`,
      },
      metricNamespace: prefix(context),
      hours,
      command: `two-region readiness ${context.stage}`,
      // The region that stands by, as a rule: what is asked is whether it could take over.
      topicArn: inputs.apis.secondary.alarmTopicArn,
      provider,
    });
  }
  new Dashboard(stack, 'dashboard', {
    dashboardName: prefix(context),
    regions,
    environments: context.settings.apiEnvironments,
    healthChecks: { region: route53Region(primaryRegion), ids: inputs.routing.healthCheckIds },
  });
  const { containers } = inputs;
  if (containers === undefined) return;
  new ServiceDashboard(stack, 'container-dashboard', {
    dashboardName: containerName(context),
    regions: REGION_TYPES.map((regionType) => {
      const { region } = inRegion(context, regionType);
      return {
        title: `${regionType} ${region}`,
        region,
        serviceName: containerName(context),
        balancerSuffix: containers[regionType].balancerSuffix,
        alarmArn: alarmArn(region, accountId, sickAlarmName(context, CONTAINER)),
      };
    }),
  });
}

function alarmArn(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region)}:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

function watchHealthChecks(
  stack: TerraformStack,
  context: StageContext,
  { healthCheckIds }: Routing,
  accountId: string,
): void {
  const region = route53Region(context.settings.primaryRegion);
  const provider = addProvider(stack, context, region, 'health');
  const { arn: topicArn } = new AlarmTopic(stack, 'health-alarms', {
    topicName: healthTopicName(context),
    email: stageParameter(stack, context, 'alarm_email'),
    accountId,
    partition: partitionOf(region),
    provider,
  });
  for (const [what, HealthCheckId] of Object.entries(healthCheckIds)) {
    new MetricAlarm(stack, `${what}-health`, {
      alarmName: `${prefix(context)}-${what}-health`,
      description: `Route 53 takes ${what} for unhealthy: ${whatFollows(context, what)}.`,
      watched: {
        namespace: 'AWS/Route53',
        name: 'HealthCheckStatus',
        dimensions: { HealthCheckId },
        statistic: 'Minimum',
      },
      below: 1,
      // Route 53 itself has asked three times.
      periods: { bad: 1, of: 1 },
      // Nobody knows: that is neither well nor sick, and what is sick of it says so.
      missingData: 'missing',
      topicArn,
      provider,
    });
  }
}

/** @param what - health check that ends with the region that it is of */
function whatFollows({ settings }: StageContext, what: string): string {
  const regionType = what.endsWith('primary') ? 'primary' : 'secondary';
  const other = otherRegion(regionType);
  if (activeRegion(settings) === undefined) return `all traffic goes to the ${other} region`;
  return standsBy(settings, regionType) ? 'there is nowhere to fail over to' : `traffic goes to the ${other} region`;
}

/** Health checkers ask the live environment, and it alone: where none of the environments is asked, no way into the region is open. */
function watchSilence(stack: TerraformStack, context: RegionContext, api: Api, provider: AwsProvider): void {
  const name = functionName(context, healthcheck.function);
  const invocations = context.settings.apiEnvironments.map((environment) => [
    `of_${environment}`,
    {
      namespace: 'AWS/Lambda',
      name: 'Invocations',
      dimensions: { FunctionName: name, Resource: `${name}:${environment}` },
      statistic: 'Sum',
    },
  ]);
  const metrics = Object.fromEntries(invocations);
  new MetricAlarm(stack, `${context.regionType}-silence`, {
    alarmName: `${prefix(context)}-silence`,
    description: `Not even health checks reach ${context.region}: look at domain, certificate and mapping.`,
    watched: {
      expression: Object.keys(metrics)
        .map((each) => `FILL(${each}, 0)`)
        .join(' + '),
      label: 'health checks',
      metrics,
    },
    below: 1,
    periods: { bad: 3, of: 3 },
    missingData: 'breaching',
    topicArn: api.alarmTopicArn,
    provider,
  });
}

/** What one asks of a region's logs, for the console. */
function saveQueries(stack: TerraformStack, context: RegionContext, api: Api, provider: AwsProvider): void {
  const environments = [...context.settings.apiEnvironments, PREVIEW];
  new LogQueries(stack, `${context.regionType}-queries`, {
    folder: prefix(context),
    accessLogs: environments.flatMap((environment) => [
      restAccessLogGroup(context, environment),
      httpAccessLogGroup(context, environment),
    ]),
    functionLogs: [...api.functions.keys()].map((name) => functionLogGroup(context, name)),
    provider,
  });
}

function dashboardRegion(context: RegionContext, api: Api, data: Data, accountId: string) {
  const { region, regionType, settings } = context;
  const other = inRegion(context, otherRegion(regionType));
  const { apiEnvironments } = settings;
  const sick = [...apiEnvironments, 'data'].map((what) => sickAlarmName(context, what));
  return {
    title: `${regionType} ${region}`,
    region,
    gateways: apiEnvironments.flatMap((environment) => [
      { ...restMetrics(prefix(context), environment), environment, operations: api.restApi.operations },
      { ...httpMetrics(api.httpApi.apiId, environment), environment, operations: api.httpApi.operations },
    ]),
    functionNames: [...api.functions.keys()].map((name) => functionName(context, name)),
    tableNames: data.tableNames,
    replicaRegion: other.region,
    ...(settings.objectReplication === 'two-way' && {
      objectsLatency: replicationLatency({
        from: bucketName(other, DATA_BUCKET, accountId),
        to: bucketName(context, DATA_BUCKET, accountId),
        ruleId: OBJECT_RULE,
      }),
    }),
    heartbeat: settings.alarms.heartbeatAgeSeconds > 0 ? heartbeatAge(prefix(context)) : undefined,
    journeys: journeyLines(context, [...api.restApi.operations, ...api.httpApi.operations]),
    alarmArns: sick.map((name) => alarmArn(region, accountId, name)),
  };
}
