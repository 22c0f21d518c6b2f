import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';
import type { CredentialStore } from '#local/iam/credential-store.ts';
import type { UsagePlan } from '#local/model/api-model.ts';
import type { LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import type { Releases } from '#local/release/releases.ts';
import type { Release } from '#local/release/served-releases.ts';
import type { ApiKind } from '#local/route53/dns.ts';
import type { HealthChecks } from '#local/route53/health-checks.ts';
import type { LiveTarget } from '#local/target/live-target.ts';
import type { ServiceUrls } from './aws-services.ts';
import { describeFunctions, type ReleasedRegion } from './describe-functions.ts';

/** What `GET /regions` is made of. */
export interface DescribedParts {
  readonly target: Pick<LiveTarget, 'model' | 'targets'>;
  readonly releases: Pick<Releases, 'current' | 'shared'>;
  readonly publicNames: readonly {
    readonly kind: ApiKind;
    readonly name: string;
    readonly entry: { readonly url: string };
    readonly edge?: { readonly domainName: string };
  }[];
  readonly regions: Readonly<Record<RegionType, DescribedRegion>>;
  readonly credentials: Pick<CredentialStore, 'allowedInvoker' | 'deniedInvoker' | 'operator'>;
  readonly healthChecks: Pick<HealthChecks, 'status'>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

interface DescribedRegion {
  readonly gateways: Readonly<Record<ApiKind, { readonly url: string; failed(): boolean }>>;
  readonly services: ServiceUrls;
  /** Whether a route of an environment responds with 429, as writes are held: `GET /user/{id}`. */
  isHeld(environment: string, route: string): boolean;
}

/** What `GET /regions` responds. */
export function describeRegions(parts: DescribedParts): RegionsMessage {
  const { target, releases, publicNames, regions, credentials, healthChecks, startedAt } = parts;
  const model = target.model();
  const current = releases.current();
  const region = (type: RegionType) => {
    const { usagePlans } = releases.shared().regions[type];
    return describeRegion({ ...model.regions[type], usagePlans }, regionsOf(current, type), regions[type]);
  };
  return {
    stage: model.stage,
    startedAt,
    environments: Object.fromEntries(
      [...current].map(([name, { follows, deployedAt }]) => [name, { follows, deployedAt }]),
    ),
    targets: { ...target.targets() },
    publicNames: publicNames.map(({ kind, name, entry, edge }) => ({
      kind,
      name,
      url: entry.url,
      ...(edge && { edge: edge.domainName }),
    })),
    credentials: {
      operator: credentials.operator.credentials,
      invoker: credentials.allowedInvoker.credentials,
      stranger: credentials.deniedInvoker.credentials,
    },
    healthChecks: describeHealthChecks(model, healthChecks),
    regions: { primary: region('primary'), secondary: region('secondary') },
    unserved: model.unserved.map(({ type, addresses }) => ({ type, addresses: [...addresses] })),
  };
}

function regionsOf(current: ReadonlyMap<string, Release>, type: RegionType): ReadonlyMap<string, ReleasedRegion> {
  return new Map(
    [...current].map(([environment, { model, pinned }]) => [
      environment,
      { region: model.regions[type], pinned: pinned[type] },
    ]),
  );
}

/**
 * @param model - what belongs to no environment
 * @param releases - environment → the region as it is released there
 * @param running - the gateways and services that stand for it on this machine
 */
export function describeRegion(
  model: RegionModel,
  releases: ReadonlyMap<string, ReleasedRegion>,
  { gateways, services, isHeld }: DescribedRegion,
): RegionMessage {
  const apis = apisOf(model);
  const logGroups = [model, ...[...releases.values()].map(({ region }) => region)].flatMap(
    (region) => region.logGroups ?? [],
  );
  return {
    region: model.region,
    failed: gateways.rest.failed(),
    services: { ...services },
    names: namesOf(model, apis),
    apis: apis.map(({ kind, id, name }) => {
      const { url } = gateways[kind];
      const stages = [...releases].flatMap(([environment, { region }]) =>
        apisOf(region)
          .filter((api) => api.id === id)
          .flatMap((api) =>
            api.stages
              .filter((stage) => stage.name === environment)
              .map((stage) => {
                const routes = routesOf(api);
                const held = routes.filter((route) => isHeld(environment, route)).length;
                return { ...describeStage(stage, url, routes), ...(held > 0 && { held }) };
              }),
          ),
      );
      return { kind, id, name, url, stages };
    }),
    functions: describeFunctions(releases),
    usagePlans: model.usagePlans.map(describePlan),
    logGroups: [...new Map(logGroups.map((logGroup) => [logGroup.name, { ...logGroup }])).values()],
  };
}

function apisOf({ restApis, httpApis = [] }: RegionModel) {
  return [
    ...restApis.map((api) => ({ kind: 'rest' as const, ...api })),
    ...httpApis.map((api) => ({ kind: 'http' as const, ...api })),
  ];
}

function routesOf(api: ReturnType<typeof apisOf>[number]): string[] {
  return api.kind === 'rest'
    ? api.methods.map(({ httpMethod, resourcePath }) => `${httpMethod} ${resourcePath}`)
    : api.routes.map(({ routeKey }) => routeKey);
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

function describeStage(stage: Stage, url: string, routes: string[]): RegionMessage['apis'][number]['stages'][number] {
  const { name, deploymentId, variables, documentationVersion, accessLog } = stage;
  return {
    name,
    // The stage `$default` of an HTTP API has no segment of its own.
    url: name === '$default' ? url : `${url}/${name}`,
    deploymentId,
    variables: { ...variables },
    routes,
    ...(documentationVersion !== undefined && { documentationVersion }),
    ...(accessLog && { accessLog: { ...accessLog } }),
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
  return dns.healthChecks.flatMap(({ id, fqdn, resourcePath, inverted }) => {
    const state = inverted ? undefined : healthChecks.status(id);
    return state ? [{ id, fqdn, resourcePath, status: state.status, reason: state.reason }] : [];
  });
}
