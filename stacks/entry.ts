import type { Construct } from 'constructs';
import { ApiAccess } from '../constructs/api-access.ts';
import { RegionalDomain } from '../constructs/regional-domain.ts';
import type { Api } from './api.ts';
import type { RegionContext } from './context.ts';
import type { ApiEnvironment } from './environment.ts';
import { prefix } from './naming.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';
import { targetEnvironment } from './target-environment.ts';

/** What the `entry-<region>` stack offers to routing. */
export interface Entry {
  readonly domain: RegionalDomain;
  readonly domainName: string;
  readonly hostedZoneId: string;
  readonly restApiId: string;
  /** AWS region. */
  readonly region: string;
}

/** `<stage>-entry-<region>`: the public name in one region, the environment that it leads to, and the API key. */
export function createEntryStack(
  scope: Construct,
  context: RegionContext,
  { api, environments }: { readonly api: Api; readonly environments: readonly ApiEnvironment[] },
): Entry {
  const stack = createStack(scope, context, `entry-${context.regionType}`, context.region);
  const { restApiId } = api.restApi;
  const domainName = stageParameter(stack, context, 'domain_name');
  const domain = new RegionalDomain(stack, 'domain', {
    domainName,
    certificateArn: stageParameter(stack, context, `certificate_arn_${context.regionType}`),
    restApiId,
    stageName: targetEnvironment(stack, context),
  });
  new ApiAccess(stack, 'access', {
    name: prefix(context),
    keyValue: stageParameter(stack, context, 'api_key'),
    restApiId,
    stageNames: environments.map((environment) => environment.restStageName),
    limits: context.settings.usagePlan,
  });
  const hostedZoneId = stageParameter(stack, context, 'hosted_zone_id');
  return { domain, domainName, hostedZoneId, restApiId, region: context.region };
}
