import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type AskWatch, awsWatchAlarm } from '#operator/alarms/watch-alarm.ts';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { type AskContainer, awsContainers } from '#operator/container/container-status.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { awsCertificates, type CertificatePort } from './certificates.ts';
import { type AskJourneys, awsJourneys } from './failing-journeys.ts';
import { functionAliases } from './function-aliases.ts';
import { route53Health } from './health-checks.ts';
import { awsHeartbeats, type HearBeat } from './heartbeats.ts';
import { httpApiId, httpMappedStage, httpRoutes, httpStages } from './http-gateway.ts';
import { aliasInvokers } from './invokers.ts';
import type { HealthPort, RegionPort } from './live-region.ts';
import { type AskObjects, awsObjectCopies } from './object-copies.ts';
import { ssmRecords } from './read-records.ts';
import type { RegionSources } from './read-region.ts';
import { restApiId, restMappedStage, restRoutes, restStages } from './rest-gateway.ts';

/** What AWS is asked about a stage: each region by itself, and Route 53. */
export interface LiveSources {
  readonly regions: Readonly<Record<RegionType, RegionSources>>;
  readonly health: HealthPort;
  /** @default - the local runtime has none */
  readonly certificates?: Readonly<Record<RegionType, CertificatePort>>;
  /** Whether a region has found the other one ill. @default - not asked for */
  readonly watch?: AskWatch;
  /** @default - settings have no heartbeat, or it is not asked for */
  readonly heartbeats?: Readonly<Record<RegionType, HearBeat>> | undefined;
  /** @default - settings have no journeys taken */
  readonly journeys?: Readonly<Record<RegionType, AskJourneys>> | undefined;
  /** @default - settings have no objects copied */
  readonly objects?: Readonly<Record<RegionType, AskObjects>> | undefined;
  /** @default - settings have no container API, or it is not asked for */
  readonly containers?: Readonly<Record<RegionType, AskContainer>> | undefined;
}

/** AWS as a stage's settings reach it: profile, regions, `AWS_ENDPOINT_URL`. Nothing is asked yet. */
export function awsLiveSources(context: StageContext): LiveSources {
  const stores = awsStores(context);
  const ssm = (regionType: RegionType) =>
    new SSMClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
  const sources = (regionType: RegionType): RegionSources => ({
    port: awsRegion(context, regionType),
    parameters: stores[regionType],
    records: () => ssmRecords(ssm(regionType), context),
  });
  // Route 53 is global; the region only names the partition.
  const route53 = new Route53Client(clientSettings(accessOf(context), context.settings.secondaryRegion));
  return {
    regions: { primary: sources('primary'), secondary: sources('secondary') },
    health: route53Health(route53),
    certificates: {
      primary: awsCertificates(context, context.settings.primaryRegion),
      secondary: awsCertificates(context, context.settings.secondaryRegion),
    },
    watch: awsWatchAlarm(context),
    heartbeats: awsHeartbeats(context),
    journeys: awsJourneys(context),
    objects: awsObjectCopies(context),
    containers: awsContainers(context),
  };
}

function awsRegion(context: StageContext, regionType: RegionType): RegionPort {
  const settings = clientSettings(accessOf(context), inRegion(context, regionType).region);
  const rest = new APIGatewayClient(settings);
  const http = new ApiGatewayV2Client(settings);
  const lambda = new LambdaClient(settings);
  const iam = new IAMClient(settings);
  return {
    mappedStage: (kind, name) => (kind === 'rest' ? restMappedStage(rest, name) : httpMappedStage(http, name)),
    apiId: (kind, name) => (kind === 'rest' ? restApiId(rest, name) : httpApiId(http, name)),
    stages: (kind, id) => (kind === 'rest' ? restStages(rest, id) : httpStages(http, id)),
    aliases: (name) => functionAliases(lambda, name),
    invokers: (name, alias) => aliasInvokers(lambda, name, alias),
    routes: (kind, id, stage, deploymentId) =>
      kind === 'rest' ? restRoutes(rest, id, deploymentId) : httpRoutes(http, id, stage),
    hasRole: async (RoleName) => {
      const policies = await unlessAbsent(iam.send(new ListRolePoliciesCommand({ RoleName })));
      return (policies?.PolicyNames ?? []).length > 0;
    },
  };
}
