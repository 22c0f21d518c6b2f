import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { PrivateBucket } from '#constructs/private-bucket.ts';
import { RouteControl } from '#constructs/route/route-control.ts';
import { AlarmTopic } from '#constructs/watch/alarm-topic.ts';
import { WebAcl } from '#constructs/web-acl.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import { isProtected, type RegionContext } from './context.ts';
import { alarmTopicName, bucketName, prefix, ROUTE_BUCKET, wafLogGroup } from './naming.ts';
import { partitionOf } from './settings/partitions.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

/** What the `base-<region>` stack offers to the region's other stacks. */
export interface Base {
  readonly dataBucket: PrivateBucket;
  readonly packageBucket: PrivateBucket;
  /** Where the region's alarms are sent. */
  readonly alarmTopicArn: string;
  /** Stands before every REST stage of the region. */
  readonly webAclArn: string;
}

/**
 * `<stage>-base-<region>`: the region's buckets, where it says whether traffic keeps away from the other one, where its alarms are sent, and what
 * stands before its REST API.
 */
export function createBaseStack(scope: Construct, context: RegionContext): Base {
  const { stack } = createStack(scope, context, `base-${context.regionType}`, context.region);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const bucket = (name: string) =>
    new PrivateBucket(stack, `${name}-bucket`, {
      bucketName: bucketName(context, name, accountId),
      forceDestroy: !isProtected(context.stage),
    });
  new RouteControl(stack, 'route-control', {
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
  const { wafRateLimit, wafCountedRules, logRetentionDays } = context.settings;
  const { arn: webAclArn } = new WebAcl(stack, 'web-acl', {
    aclName: prefix(context),
    requestsPerFiveMinutes: wafRateLimit,
    uncountedPath: healthcheck.path,
    countedRules: wafCountedRules,
    logGroupName: wafLogGroup(context),
    logRetentionDays,
  });
  return { dataBucket: bucket('data'), packageBucket: bucket('packages'), alarmTopicArn, webAclArn };
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
