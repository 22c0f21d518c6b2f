import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';
import { mayInvoke } from '#local/gateway/invoke-permission.ts';
import type { CredentialStore } from '#local/iam/credential-store.ts';
import type { LambdaFunction, LocalModel, RegionModel, RegionType, UsagePlan } from '#local/model/model.ts';
import type { ApiKind } from '#local/route53/dns.ts';
import type { HealthChecks } from '#local/route53/health-checks.ts';
import type { LiveTarget } from '#local/target/live-target.ts';
import type { ServiceUrls } from './aws-services.ts';

/** What `GET /regions` is made of. */
export interface DescribedParts {
  readonly target: Pick<LiveTarget, 'model' | 'targets'>;
  readonly publicNames: readonly {
    readonly kind: ApiKind;
    readonly name: string;
    readonly entry: { readonly url: string };
  }[];
  readonly regions: Readonly<Record<RegionType, DescribedRegion>>;
  readonly credentials: Pick<CredentialStore, 'allowedInvoker' | 'deniedInvoker' | 'operator'>;
  readonly healthChecks: Pick<HealthChecks, 'status'>;
  readonly deployedAt: number;
}

interface DescribedRegion {
  readonly gateways: Readonly<Record<ApiKind, { readonly url: string; failed(): boolean }>>;
  readonly services: ServiceUrls;
}

/** What `GET /regions` responds. */
export function describeRegions(parts: DescribedParts): RegionsMessage {
  const { target, publicNames, regions, credentials, healthChecks, deployedAt } = parts;
  const model = target.model();
  return {
    stage: model.stage,
    deployedAt,
    targets: { ...target.targets() },
    publicNames: publicNames.map(({ kind, name, entry }) => ({ kind, name, url: entry.url })),
    credentials: {
      operator: credentials.operator.credentials,
      invoker: credentials.allowedInvoker.credentials,
      stranger: credentials.deniedInvoker.credentials,
    },
    healthChecks: describeHealthChecks(model, healthChecks),
    regions: {
      primary: describeRegion(model.regions.primary, regions.primary),
      secondary: describeRegion(model.regions.secondary, regions.secondary),
    },
    unserved: model.unserved.map(({ type, addresses }) => ({ type, addresses: [...addresses] })),
  };
}

/** @param running - the gateways and services that stand for it on this machine */
export function describeRegion(model: RegionModel, { gateways, services }: DescribedRegion): RegionMessage {
  const { region, restApis, httpApis = [], usagePlans, logGroups = [] } = model;
  const apis = [
    ...restApis.map((api) => ({ kind: 'rest' as const, ...api })),
    ...httpApis.map((api) => ({ kind: 'http' as const, ...api })),
  ];
  return {
    region,
    failed: gateways.rest.failed(),
    services: { ...services },
    names: namesOf(model, apis),
    apis: apis.map(({ kind, id, name, stages }) => {
      const { url } = gateways[kind];
      return { kind, id, name, url, stages: stages.map((stage) => describeStage(stage, url)) };
    }),
    functions: model.functions.map(describeFunction),
    usagePlans: usagePlans.map(describePlan),
    logGroups: logGroups.map((logGroup) => ({ ...logGroup })),
  };
}

function namesOf(
  { domains }: RegionModel,
  apis: readonly { readonly id: string; readonly kind: ApiKind }[],
): RegionMessage['names'] {
  return domains.flatMap(({ domainName, regionalDomainName, mappings }) => {
    const mapping = mappings.find(({ basePath }) => basePath === '' || basePath === '(none)');
    const api = apis.find(({ id }) => id === mapping?.apiId);
    if (!mapping || !api) return [];
    return [{ kind: api.kind, name: domainName, environment: mapping.stage, regionalHost: regionalDomainName }];
  });
}

type Stage = RegionModel['restApis'][number]['stages'][number];

function describeStage(stage: Stage, url: string): RegionMessage['apis'][number]['stages'][number] {
  const { name, deploymentId, variables, documentationVersion, accessLog } = stage;
  return {
    name,
    // The stage `$default` of an HTTP API has no segment of its own.
    url: name === '$default' ? url : `${url}/${name}`,
    deploymentId,
    variables: { ...variables },
    ...(documentationVersion !== undefined && { documentationVersion }),
    ...(accessLog && { accessLog: { ...accessLog } }),
  };
}

function describeFunction(each: LambdaFunction): RegionMessage['functions'][number] {
  const { name, codeSha256, handler, memoryMb, timeoutSeconds, roleArn, environment, aliases } = each;
  const invokersOf = (alias: string) =>
    each.permissions
      .filter((permission) => permission.qualifier === alias && mayInvoke(permission))
      .map(({ sourceArn }) => sourceArn ?? '*');
  return {
    name,
    codeSha256,
    handler,
    memoryMb,
    timeoutSeconds,
    roleArn,
    environment: { ...environment },
    aliases: Object.fromEntries(aliases.map((alias) => [alias.name, alias.functionVersion])),
    invokers: Object.fromEntries(aliases.map((alias) => [alias.name, invokersOf(alias.name)])),
  };
}

function describePlan({ name, throttle, quota, apiStages, keys }: UsagePlan): RegionMessage['usagePlans'][number] {
  return {
    name,
    ...(throttle && { throttle: { ...throttle } }),
    ...(quota && { quota: { limit: quota.limit, period: quota.period } }),
    stages: apiStages.map(({ stage }) => stage),
    keys: keys.map(({ value, enabled }) => ({ value, enabled })),
  };
}

function describeHealthChecks({ dns }: LocalModel, healthChecks: Pick<HealthChecks, 'status'>) {
  return dns.healthChecks.flatMap(({ id, fqdn, resourcePath }) => {
    const state = healthChecks.status(id);
    return state ? [{ id, fqdn, resourcePath, status: state.status, reason: state.reason }] : [];
  });
}
