import type { Construct } from 'constructs';
import { HttpDomain } from '#constructs/http-api/http-domain.ts';
import { ApiAccess } from '#constructs/rest-api/api-access.ts';
import { RestDomain } from '#constructs/rest-api/rest-domain.ts';
import type { Api } from './api.ts';
import type { Certificates } from './certificates.ts';
import type { RegionContext } from './context.ts';
import type { ApiEnvironment } from './environment.ts';
import { prefix } from './naming.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';
import { targetEnvironment } from './target-environment.ts';

/** A public name in one region. */
export interface PublicName {
  readonly domainName: string;
  /** What alias records point at. */
  readonly target: { readonly regionalDomainName: string; readonly regionalZoneId: string };
}

/** What the `entry-<region>` stack offers to routing. */
export interface Entry {
  readonly rest: PublicName;
  readonly http: PublicName;
  readonly hostedZoneId: string;
  readonly restApiId: string;
  /** AWS region. */
  readonly region: string;
}

export interface EntryInputs {
  readonly api: Api;
  readonly environments: readonly ApiEnvironment[];
  readonly certificates: Certificates;
}

/** `<stage>-entry-<region>`: the public names in one region, the environment that they lead to, and the API key. */
export function createEntryStack(
  scope: Construct,
  context: RegionContext,
  { api, environments, certificates }: EntryInputs,
): Entry {
  const { stack } = createStack(scope, context, `entry-${context.regionType}`, context.region);
  const { restApiId } = api.restApi;
  const stageName = targetEnvironment(stack, context);
  const hostedZoneId = stageParameter(stack, context, 'hosted_zone_id');

  const domainName = stageParameter(stack, context, 'domain_name');
  const certificateArn = stageParameter(stack, context, `certificate_arn_${context.regionType}`);
  const rest = new RestDomain(stack, 'domain', { domainName, certificateArn, restApiId, stageName });

  const eventsDomainName = stageParameter(stack, context, 'events_domain_name');
  const http = new HttpDomain(stack, 'events-domain', {
    domainName: eventsDomainName,
    certificateArn: certificates[context.regionType],
    apiId: api.httpApi.apiId,
    stageName,
  });

  new ApiAccess(stack, 'access', {
    name: prefix(context),
    keyValues: stageParameter(stack, context, 'api_key'),
    restApiId,
    stageNames: environments.map((environment) => environment.restStageName),
    limits: context.settings.usagePlan,
  });
  return {
    rest: { domainName, target: rest },
    http: { domainName: eventsDomainName, target: http },
    hostedZoneId,
    restApiId,
    region: context.region,
  };
}
