import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Construct } from 'constructs';
import type { RegionType, StageContext } from './context.ts';
import { createStack } from './stage-stack.ts';

/** Who may call the routes for IAM principals of one region: what `api-<region>` offers to `callers`. */
export interface RegionCallers {
  /** Role that may invoke the region's routes. */
  readonly roleName: string;
  /** `execute-api` ARNs of these routes. */
  readonly routeArns: readonly string[];
}

/**
 * `<stage>-callers`: lets each region's invoker role call the other region's routes, too, so that who has one role goes on after a failover. A
 * region's own stack knows nothing of the other region, and IAM is global: the stack that knows both is here.
 */
export function createCallersStack(
  scope: Construct,
  context: StageContext,
  callers: Readonly<Record<RegionType, RegionCallers>>,
): void {
  const { stack } = createStack(scope, context, 'callers', context.settings.secondaryRegion);
  for (const [regionType, other] of [
    ['primary', 'secondary'],
    ['secondary', 'primary'],
  ] as const) {
    new IamRolePolicy(stack, `${regionType}-policy`, {
      name: 'invoke-other-region',
      role: callers[regionType].roleName,
      policy: new DataAwsIamPolicyDocument(stack, `${regionType}-permissions`, {
        statement: [{ actions: ['execute-api:Invoke'], resources: [...callers[other].routeArns] }],
      }).json,
    });
  }
}
