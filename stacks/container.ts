import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { BlueGreenService } from '#constructs/container/blue-green.ts';
import { Endpoints } from '#constructs/container/endpoints.ts';
import { IDLE_SECONDS, LoadBalancer } from '#constructs/container/load-balancer.ts';
import { Network } from '#constructs/container/network.ts';
import { ServiceAlarms } from '#constructs/container/service-alarms.ts';
import { Task } from '#constructs/container/task.ts';
import { TASK_PORT } from '#constructs/container/task-target.ts';
import { grantAccess } from '#constructs/function-access.ts';
import { PrivateBucket } from '#constructs/private-bucket.ts';
import { SickAlarm } from '#constructs/watch/sick-alarm.ts';
import { WebAcl } from '#constructs/web-acl.ts';
import { corsVariable } from '#container/cors.ts';
import { containerOperations, SERVICE_ACCESS } from '#container/operations.ts';
import { SHALLOW_QUERY } from '#contract/health-routes.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import type { Operation } from '#contract/operation.ts';
import { regionalName } from '#contract/regional-name.ts';
import type { Base } from './base.ts';
import type { ContainerCertificates } from './certificates.ts';
import { isProtected, type RegionContext } from './context.ts';
import type { Data } from './data.ts';
import type { PublicName } from './entry.ts';
import { functionResources } from './function-resources.ts';
import {
  BALANCER_LOGS_BUCKET,
  balancerName,
  bucketName,
  CONTAINER,
  containerLogGroup,
  containerName,
  containerWafLogGroup,
  roleName,
  sickAlarmName,
} from './naming.ts';
import { partitionOf } from './settings/partitions.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

export interface ContainerInputs {
  readonly data: Data;
  readonly base: Base;
  readonly certificates: ContainerCertificates;
  /** What the stage serves; those that are marked `container` are served here. */
  readonly operations: readonly Operation[];
}

/** What the `container-<region>` stack offers to routing and observability. */
export interface Container {
  readonly name: PublicName;
  /** What CloudWatch knows the load balancer by. */
  readonly balancerSuffix: string;
}

/** Of the VPCs' addresses; the regions' differ, so that they could be connected. */
const FIRST_NUMBERS = { primary: '10.80', secondary: '10.81' } as const;

/** Who writes a load balancer's access logs. */
const LOG_DELIVERY = 'logdelivery.elasticloadbalancing.amazonaws.com';

/**
 * `<stage>-container-<region>`: the container API in one region: network, load balancer, tasks, their deployment, alarms. It stands by itself: its
 * image lies in the region, and its key in the region's parameter.
 *
 * Source: Elastic Load Balancing, User Guide for Application Load Balancers, "Enable access logs": bucket policy.
 */
export function createContainerStack(scope: Construct, context: RegionContext, inputs: ContainerInputs): Container {
  const { settings, region } = context;
  const { stack } = createStack(scope, context, `${CONTAINER}-${context.regionType}`, region);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const { data, base, certificates } = inputs;
  const name = containerName(context);
  const network = new Network(stack, 'network', {
    name,
    firstNumbers: FIRST_NUMBERS[context.regionType],
    nat: settings.container.nat,
  });
  new Endpoints(stack, 'endpoints', { name, region, network });
  const logs = new PrivateBucket(stack, 'logs-bucket', {
    bucketName: bucketName(context, BALANCER_LOGS_BUCKET, accountId),
    forceDestroy: !isProtected(context.stage),
    expirationDays: settings.logRetentionDays,
    noncurrentVersionExpirationDays: 1,
    grants: (arn) => [
      {
        sid: 'WriteAccessLogs',
        actions: ['s3:PutObject'],
        resources: [`${arn}/AWSLogs/${accountId}/*`],
        principals: [{ type: 'Service', identifiers: [LOG_DELIVERY] }],
      },
    ],
  });
  const balancer = new LoadBalancer(stack, 'balancer', {
    name,
    shortName: (what) => balancerName(context, what),
    network,
    certificateArns: [certificates.publicName, certificates.regional],
    taskPort: TASK_PORT,
    // What the load balancer ends a task for must be the task's own fault.
    healthPath: `${healthcheck.path}${SHALLOW_QUERY}`,
    webAclArn: webAclOf(stack, context, base),
    accessLogs: { bucket: logs.bucketName, after: logs.policy },
    deletionProtection: isProtected(context.stage),
  });
  const served = containerOperations(inputs.operations);
  const task = new Task(stack, 'task', {
    family: name,
    roleName: (what) => roleName(context, `${CONTAINER}-${what}`),
    region,
    repository: base.repository(),
    imageDigest: stageParameter(stack, context, 'container_image'),
    cpuUnits: settings.container.cpuUnits,
    access: grantAccess(
      [...served.map(({ access }) => access), SERVICE_ACCESS],
      functionResources(context, { data, base, accountId }),
    ),
    environment: {
      APP_NAME: settings.appName,
      API_ENVIRONMENT: CONTAINER,
      LOAD_BALANCER_IDLE_SECONDS: String(IDLE_SECONDS),
      CORS: corsVariable(settings.cors),
    },
    logGroupName: containerLogGroup(context),
    logRetentionDays: settings.logRetentionDays,
    logKeyArn: base.keyFor('logs'),
    accountId,
    partition: partitionOf(region),
  });
  const { sickWhen } = new ServiceAlarms(stack, 'alarms', {
    balancer,
    serviceName: name,
    alarmName: name,
    thresholds: settings.alarms,
    topicArn: base.alarmTopicArn,
  });
  new SickAlarm(stack, 'sick', {
    alarmName: sickAlarmName(context, CONTAINER),
    description: `The container API is sick in ${region}. Which of its alarms say so: two-region alarms ${context.stage}`,
    alarms: sickWhen,
    topicArn: base.alarmTopicArn,
  });
  new BlueGreenService(stack, 'deployment', {
    name,
    network,
    balancer,
    task,
    tasks: settings.container.tasks,
    roleName: roleName(context, `${CONTAINER}-deploy`),
    actsFor: {
      accountId,
      arn: `arn:${partitionOf(region)}:codedeploy:${region}:${accountId}:deploymentgroup:${name}/*`,
    },
    shift: settings.container.shift,
    keepMinutes: settings.container.keepMinutes,
    alarms: {
      names: sickWhen.map(({ alarmName }) => alarmName),
      resources: sickWhen.map(({ resource }) => resource),
    },
  });
  const domainName = stageParameter(stack, context, 'container_domain_name');
  const target = { regionalDomainName: balancer.dnsName, regionalZoneId: balancer.zoneId };
  return {
    name: { domainName, target, regional: { domainName: regionalName(region, domainName), target } },
    balancerSuffix: balancer.arnSuffix,
  };
}

/** Clients of the container API come to it directly: where the region's web ACL wants what the edge sends along, it has one of its own. */
function webAclOf(stack: TerraformStack, context: RegionContext, { webAclArn, keyFor }: Base): string {
  const { edge, wafRateLimit, wafCountedRules, logRetentionDays } = context.settings;
  if (edge.state === 'none') return webAclArn;
  return new WebAcl(stack, 'web-acl', {
    aclName: containerName(context),
    requestsPerFiveMinutes: wafRateLimit,
    uncountedPaths: [healthcheck.path],
    countedRules: wafCountedRules,
    logGroupName: containerWafLogGroup(context),
    logRetentionDays,
    logKeyArn: keyFor('logs'),
  }).arn;
}
