import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { IAMClient } from '@aws-sdk/client-iam';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { Finding } from '#operator/aws/setting.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { gatewayLoggingRoleName } from '#stacks/naming.ts';
import { SERVICES_WITH_ROLES } from '#stacks/permissions/stage-policy.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { ensureLoggingRole, type GatewayAccount } from './gateway-logging.ts';
import { ensureServiceRole } from './service-roles.ts';

/** Something that an account has one of, for all its stages and teams. */
export interface AccountResource {
  readonly kind: 'API Gateway' | 'service';
  readonly name: string;
  /** AWS region; `global` for what has none. */
  readonly region: string;
  /** Looks, and makes what is missing. What is there stays as it is. @returns `undefined` where there is nothing to make */
  ensure(): Promise<Finding | undefined>;
}

/** What the setting of a region is asked with. */
export function gatewayAccount(context: StageContext, regionType: RegionType): GatewayAccount {
  const { region } = inRegion(context, regionType);
  const settings = clientSettings(accessOf(context), region);
  return {
    gateway: new APIGatewayClient(settings),
    iam: new IAMClient(settings),
    partition: partitionOf(region),
    roleName: gatewayLoggingRoleName(context),
  };
}

/** What a stage's first deploy needs of its account besides what keeps the state, in the order in which it is made. */
export function accountResources(context: StageContext): readonly AccountResource[] {
  const { iam } = gatewayAccount(context, 'primary');
  const logging = (['primary', 'secondary'] as const).map((regionType): AccountResource => {
    const { region } = inRegion(context, regionType);
    const ensure = () => ensureLoggingRole(gatewayAccount(context, regionType));
    return { kind: 'API Gateway', name: 'account', region, ensure };
  });
  const roles = SERVICES_WITH_ROLES.map((service): AccountResource => {
    return { kind: 'service', name: service, region: 'global', ensure: () => ensureServiceRole(iam, service) };
  });
  return [...logging, ...roles];
}
