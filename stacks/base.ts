import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { Repository } from '#constructs/container/repository.ts';
import { PrivateBucket } from '#constructs/private-bucket.ts';
import { RegionWatch } from '#constructs/route/region-watch.ts';
import { RouteControl } from '#constructs/route/route-control.ts';
import { RouteLatch } from '#constructs/route/route-latch.ts';
import { AlarmTopic } from '#constructs/watch/alarm-topic.ts';
import { Heartbeat } from '#constructs/watch/heartbeat.ts';
import { WebAcl, type WebAclProps } from '#constructs/web-acl.ts';
import { EDGE_HEADER } from '#contract/edge-pattern.ts';
import { HEALTH_ROUTES } from '#contract/health-routes.ts';
import type { Operation } from '#contract/operation.ts';
import { regionalName } from '#contract/regional-name.ts';
import { HEARTBEAT, PREVIEW } from '#functions/environment.ts';
import { inRegion, isProtected, otherRegion, type RegionContext, standsBy } from './context.ts';
import { hasJourneys, takeJourneys } from './journeys.ts';
import { declareRegionKey, type KeyFor } from './keys.ts';
import {
  alarmTopicName,
  bucketName,
  containerName,
  DATA_BUCKET,
  functionName,
  journeysSickName,
  prefix,
  REGION_WATCH,
  ROUTE_BUCKET,
  ROUTE_LATCH,
  roleName,
  sickAlarmName,
  tableName,
  wafLogGroup,
} from './naming.ts';
import { bucketHost, partitionOf } from './settings/partitions.ts';
import { edgeSecrets, stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

/** What the `base-<region>` stack offers to the region's other stacks. */
export interface Base {
  readonly dataBucket: PrivateBucket;
  readonly packageBucket: PrivateBucket;
  /** What of the region has a key of the account's own. */
  readonly keyFor: KeyFor;
  /** Where the region's alarms are sent. */
  readonly alarmTopicArn: string;
  /** Stands before every REST stage of the region. */
  readonly webAclArn: string;
  /** Images of the container API. @throws Error where the settings have none */
  readonly repository: () => Repository;
}

interface BaseInputs {
  readonly operations: readonly Operation[];
  /** Of the functions that a schedule invokes, by name. */
  readonly bundles: ReadonlyMap<string, FunctionBundle>;
}

/**
 * `<stage>-base-<region>`: the region's buckets, where it says whether traffic keeps away from the other one, what holds traffic after a failover, its
 * heartbeat, where its alarms are sent, and what stands before its REST API.
 */
export function createBaseStack(scope: Construct, context: RegionContext, { bundles, operations }: BaseInputs): Base {
  const { stack } = createStack(scope, context, `base-${context.regionType}`, context.region);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const keyFor = declareRegionKey(stack, context, accountId);
  const functionKeys = { logKeyArn: keyFor('logs'), variablesKeyArn: keyFor('functions') };
  const bucket = (name: string) =>
    new PrivateBucket(stack, `${name}-bucket`, {
      bucketName: bucketName(context, name, accountId),
      forceDestroy: !isProtected(context.stage),
      keyArn: keyFor('buckets'),
    });
  const route = new RouteControl(stack, 'route-control', {
    bucketName: bucketName(context, ROUTE_BUCKET, accountId),
    forceDestroy: !isProtected(context.stage),
  });
  leaveLoggingRole(stack);
  const { arn: alarmTopicArn } = new AlarmTopic(stack, 'alarms', {
    topicName: alarmTopicName(context),
    email: stageParameter(stack, context, 'alarm_email'),
    accountId,
    partition: partitionOf(context.region),
  });
  const { failback, routeAway, wafRateLimit, wafCountedRules, logRetentionDays, alarms } = context.settings;
  const other = inRegion(context, otherRegion(context.regionType));
  const bundleOf = (name: string) => {
    const bundle = bundles.get(name);
    if (bundle === undefined) throw new Error(`No bundle for the function ${name}.`);
    return bundle;
  };
  const isStandby = standsBy(context.settings, context.regionType);
  const holdsTraffic = failback === 'manual' && isStandby;
  const watchesRegion = routeAway !== 'manual' && isStandby;
  const travels = hasJourneys(context, operations);
  if (holdsTraffic || watchesRegion || travels || alarms.heartbeatAgeSeconds > 0) new ArchiveProvider(stack, 'archive');
  if (alarms.heartbeatAgeSeconds > 0) {
    const table = tableName(context, HEARTBEAT);
    new Heartbeat(stack, HEARTBEAT, {
      name: functionName(context, HEARTBEAT),
      roleName: roleName(context, HEARTBEAT),
      bundle: bundleOf(HEARTBEAT),
      // By its name alone: a region that has lost the other, and the state of the data stack with it, goes on being deployed.
      table: {
        name: table,
        arn: `arn:${partitionOf(context.region)}:dynamodb:${context.region}:${accountId}:table/${table}`,
      },
      otherRegion: other.region,
      metricNamespace: prefix(context),
      maximumAgeSeconds: alarms.heartbeatAgeSeconds,
      logRetentionDays,
      ...functionKeys,
      topicArn: alarmTopicArn,
    });
  }
  const publicNames = () => ({
    rest: stageParameter(stack, context, 'domain_name'),
    http: stageParameter(stack, context, 'events_domain_name'),
  });
  if (travels)
    takeJourneys(stack, context, {
      operations,
      bundleOf,
      names: publicNames(),
      accountId,
      ...functionKeys,
      topicArn: alarmTopicArn,
    });
  // To the region that stands by DNS never returns by itself: only there is something to hold.
  if (holdsTraffic) {
    new RouteLatch(stack, ROUTE_LATCH, {
      name: functionName(context, ROUTE_LATCH),
      roleName: roleName(context, ROUTE_LATCH),
      bundle: bundleOf(ROUTE_LATCH),
      publicName: stageParameter(stack, context, 'domain_name'),
      route,
      otherRouteHost: bucketHost(bucketName(other, ROUTE_BUCKET, accountId), other.region),
      metricNamespace: prefix(context),
      logRetentionDays,
      ...functionKeys,
      topicArn: alarmTopicArn,
    });
  }
  if (watchesRegion) {
    const names = publicNames();
    const checksOf = (nameOf: (name: string) => string) => [
      `https://${nameOf(names.rest)}${HEALTH_ROUTES.rest.path}`,
      `https://${nameOf(names.http)}${HEALTH_ROUTES.http.path}`,
    ];
    new RegionWatch(stack, REGION_WATCH, {
      name: functionName(context, REGION_WATCH),
      roleName: roleName(context, REGION_WATCH),
      bundle: bundleOf(REGION_WATCH),
      mode: routeAway,
      otherRegion: other.region,
      checks: {
        other: checksOf((name) => regionalName(other.region, name)),
        own: checksOf((name) => regionalName(context.region, name)),
        public: checksOf((name) => name),
      },
      sickAlarmNames: context.settings.apiEnvironments.map((environment) => sickAlarmName(other, environment)),
      ...(travels && {
        journeyAlarmNames: {
          other: journeysSickName(context, other.region),
          own: journeysSickName(context, context.region),
        },
      }),
      route,
      otherRouteHost: bucketHost(bucketName(other, ROUTE_BUCKET, accountId), other.region),
      metricNamespace: prefix(context),
      logRetentionDays,
      ...functionKeys,
      topicArn: alarmTopicArn,
    });
  }
  const { arn: webAclArn } = new WebAcl(stack, 'web-acl', {
    aclName: prefix(context),
    requestsPerFiveMinutes: wafRateLimit,
    uncountedPaths: healthPaths(context),
    countedRules: wafCountedRules,
    logGroupName: wafLogGroup(context),
    logRetentionDays,
    logKeyArn: keyFor('logs'),
    ...behindEdge(stack, context),
  });
  // Before its stack, as an image must be there before a task can start.
  const images = context.settings.container.isActive
    ? new Repository(stack, 'images', {
        repositoryName: containerName(context),
        forceDelete: !isProtected(context.stage),
      })
    : undefined;
  return {
    keyFor,
    dataBucket: bucket(DATA_BUCKET),
    packageBucket: bucket('packages'),
    alarmTopicArn,
    webAclArn,
    repository: () => {
      if (images === undefined) throw new Error('CONTAINER of settings.conf is not active.');
      return images;
    },
  };
}

/** Where health checkers, a switch and canaries ask the REST API: at a name's root, and below it at each environment. The load balancer has no other path. */
function healthPaths({ settings }: RegionContext): WebAclProps['uncountedPaths'] {
  const { path } = HEALTH_ROUTES.rest;
  return [path, ...[...settings.apiEnvironments, PREVIEW].map((environment) => `/${environment}${path}`)];
}

/** By what the region knows what comes through the edge, where settings have one. */
function behindEdge(stack: TerraformStack, context: RegionContext): Pick<WebAclProps, 'behindEdge'> {
  const { state, bypass } = context.settings.edge;
  if (state === 'none') return {};
  return {
    behindEdge: { header: EDGE_HEADER, values: edgeSecrets(stack, context), isOnlyWay: bypass === 'closed' },
  };
}

/**
 * Once a stage of the account declared API Gateway's logging role here. It belongs to the account, where `bootstrap` looks after it: a stage that
 * still holds it forgets it, and nothing is destroyed.
 */
function leaveLoggingRole(stack: TerraformStack): void {
  const declared = [
    'aws_api_gateway_account.gateway-logging_account_E4A01C1F',
    'aws_iam_role_policy_attachment.gateway-logging_push-to-cloudwatch-logs_4E9DC00B',
    'aws_iam_role.gateway-logging_role_EE501B36',
  ];
  stack.addOverride(
    'removed',
    declared.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}
