import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { Construct } from 'constructs';
import { GatewayLoggingRole } from '#constructs/gateway-logging-role.ts';
import { PrivateBucket } from '#constructs/private-bucket.ts';
import { isProtected, type RegionContext, type StageContext } from './context.ts';
import { bucketName, roleName } from './naming.ts';
import { createStack } from './stage-stack.ts';

/** What the `base-<region>` stack offers to the region's other stacks. */
export interface Base {
  readonly dataBucket: PrivateBucket;
  readonly packageBucket: PrivateBucket;
}

/** `<stage>-base-<region>`: the region's buckets, and API Gateway's logging role where this stage owns the account's. */
export function createBaseStack(scope: Construct, context: RegionContext): Base {
  const stack = createStack(scope, context, `base-${context.regionType}`, context.region);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const bucket = (name: string) =>
    new PrivateBucket(stack, `${name}-bucket`, {
      bucketName: bucketName(context, name, accountId),
      forceDestroy: !isProtected(context.stage),
    });
  if (ownsGatewayAccount(context)) {
    new GatewayLoggingRole(stack, 'gateway-logging', { roleName: roleName(context, 'gateway-logging') });
  }
  return { dataBucket: bucket('data'), packageBucket: bucket('packages') };
}

/** The logging role is one per account and region: of the stages that share an account (a profile), the first in the settings owns it. */
function ownsGatewayAccount({ settings, stage }: StageContext): boolean {
  return settings.stages.find((other) => settings.profiles[other] === settings.profiles[stage]) === stage;
}
