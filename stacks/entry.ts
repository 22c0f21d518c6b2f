import type { Construct } from 'constructs';
import { HttpDomain } from '#constructs/http-api/http-domain.ts';
import { ApiAccess } from '#constructs/rest-api/api-access.ts';
import { RestDomain } from '#constructs/rest-api/rest-domain.ts';
import type { Operation } from '#contract/operation.ts';
import { regionalName } from '#contract/regional-name.ts';
import type { Api } from './api.ts';
import type { RegionCertificates } from './certificates.ts';
import type { RegionContext } from './context.ts';
import type { ApiEnvironment } from './environment.ts';
import { hasKeyedJourneys } from './journeys.ts';
import { JOURNEYS, prefix } from './naming.ts';
import { JOURNEYS_KEY } from './settings/parameters.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';
import { targetEnvironment } from './target-environment.ts';

/** A name as a region serves it. */
export interface ServedName {
  readonly domainName: string;
  /** What alias records point at. */
  readonly target: { readonly regionalDomainName: string; readonly regionalZoneId: string };
}

/** A public name in one region, and the region's own name beside it. */
export interface PublicName extends ServedName {
  readonly regional: ServedName;
}

/** What the `entry-<region>` stack offers to routing. */
export interface Entry {
  readonly rest: PublicName;
  readonly http: PublicName;
  readonly hostedZoneId: string;
}

export interface EntryInputs {
  readonly api: Api;
  readonly operations: readonly Operation[];
  /** Those that the public names may lead to. */
  readonly environments: readonly ApiEnvironment[];
  readonly preview: ApiEnvironment;
  readonly certificates: RegionCertificates;
}

/** Of the key that journeys show: far above what both regions' need each minute. */
const JOURNEY_LIMITS = { rateLimit: 50, burstLimit: 100, quota: { limit: 10_000_000, period: 'MONTH' } } as const;

/**
 * `<stage>-entry-<region>`: the public names in one region and the region's own, the environment that they lead to, and the API key. Below the
 * region's own names every environment answers by its name: `https://eu-central-1.api.example.com/envB`.
 */
export function createEntryStack(scope: Construct, context: RegionContext, inputs: EntryInputs): Entry {
  const { api, operations, environments, preview, certificates } = inputs;
  const { stack } = createStack(scope, context, `entry-${context.regionType}`, context.region);
  const { restApiId } = api.restApi;
  const { apiId } = api.httpApi;
  const stageName = targetEnvironment(stack, context);
  const hostedZoneId = stageParameter(stack, context, 'hosted_zone_id');
  const stagesOf = (kind: 'httpStageName' | 'restStageName') =>
    Object.fromEntries([...environments, preview].map((environment) => [environment.name, environment[kind]]));

  const domainName = stageParameter(stack, context, 'domain_name');
  const certificateArn = stageParameter(stack, context, `certificate_arn_${context.regionType}`);
  const rest = new RestDomain(stack, 'domain', { domainName, certificateArn, restApiId, stageName });
  const regionalRestName = regionalName(context.region, domainName);
  const regionalRest = new RestDomain(stack, 'regional-domain', {
    domainName: regionalRestName,
    certificateArn: certificates.regional,
    restApiId,
    stageName,
    alsoByPath: stagesOf('restStageName'),
  });

  const eventsDomainName = stageParameter(stack, context, 'events_domain_name');
  const http = new HttpDomain(stack, 'events-domain', {
    domainName: eventsDomainName,
    certificateArn: certificates.http,
    apiId,
    stageName,
  });
  const regionalHttpName = regionalName(context.region, eventsDomainName);
  const regionalHttp = new HttpDomain(stack, 'regional-events-domain', {
    domainName: regionalHttpName,
    certificateArn: certificates.regional,
    apiId,
    stageName,
    alsoByPath: stagesOf('httpStageName'),
  });

  new ApiAccess(stack, 'access', {
    name: prefix(context),
    keyValues: stageParameter(stack, context, 'api_key'),
    restApiId,
    stageNames: environments.map((environment) => environment.restStageName),
    limits: context.settings.usagePlan,
  });
  if (hasKeyedJourneys(context, operations)) {
    // A key of their own: clients who have used up their quota are no fault of a region.
    new ApiAccess(stack, 'journeys-access', {
      name: `${prefix(context)}-${JOURNEYS}`,
      keyValues: stageParameter(stack, context, JOURNEYS_KEY),
      restApiId,
      stageNames: environments.map((environment) => environment.restStageName),
      limits: JOURNEY_LIMITS,
    });
  }
  return {
    rest: { domainName, target: rest, regional: { domainName: regionalRestName, target: regionalRest } },
    http: {
      domainName: eventsDomainName,
      target: http,
      regional: { domainName: regionalHttpName, target: regionalHttp },
    },
    hostedZoneId,
  };
}
