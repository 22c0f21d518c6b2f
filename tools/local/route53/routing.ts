import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { FailureMode } from '#local/failure/failure.ts';
import type { GatewayService } from '#local/gateway/gateway-server.ts';
import { LOOPBACK } from '#local/http/listen.ts';
import type { LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { bucketHost, executeApiHost } from '#stacks/settings/partitions.ts';
import { type ApiKind, createDns, type Dns } from './dns.ts';
import { type HealthChecks, type HealthChecksOptions, startHealthChecks } from './health-checks.ts';
import type { Endpoint } from './prober.ts';

/** The Route 53 of a model: health checks that ask the gateways, and answers that follow them. */
export interface Routing extends HealthChecks {
  readonly dns: Dns;
  /** The region that an alias target, a custom domain's regional name, belongs to. */
  regionOf(aliasTarget: string): RegionType | undefined;
}

/** What health checks of a region ask. */
export interface RoutedRegion {
  readonly gateways: Readonly<Record<ApiKind, Pick<GatewayService, 'failure' | 'port'>>>;
  /** Port of its S3. */
  readonly s3Port: number;
  /** How a bucket fails for those who read from it. */
  bucketFailure(name: string): FailureMode | undefined;
  /** Whether some part of it fails now and then. */
  erratic(): boolean;
}

/** Starts the model's health checks; each change of one changes the answers at once. */
export function startRouting(
  options: {
    readonly model: LocalModel;
    readonly regions: Readonly<Record<RegionType, RoutedRegion>>;
    readonly timeScale: number;
    readonly log: RuntimeLog;
  } & Pick<HealthChecksOptions, 'ask' | 'clock' | 'places'>,
): Routing {
  const { model, regions, timeScale, log, ask, clock, places } = options;
  const models = Object.values(model.regions);
  const endpoints = new Map(models.flatMap((region) => endpointsOf(region, regions[region.type])));
  const regionByTarget = new Map(
    models.flatMap((region) => region.domains.map((domain) => [domain.regionalDomainName, region.type])),
  );
  const regionOf = (aliasTarget: string) => regionByTarget.get(aliasTarget);
  // The first probe comes an interval after the start.
  const checks: HealthChecks = startHealthChecks({
    checks: model.dns.healthChecks,
    calculatedChecks: model.dns.calculatedChecks ?? [],
    // A name of its own leads to where its record does, a name of AWS's straight there.
    resolve: (fqdn) => endpoints.get(dns.resolve(fqdn)?.aliasTarget ?? fqdn.toLowerCase())?.(),
    timeScale,
    log,
    ...(ask && { ask }),
    ...(clock && { clock }),
    ...(places && { places }),
  });
  const dns: Dns = createDns({
    records: model.dns.records,
    isHealthy: (id) => checks.status(id)?.status !== 'unhealthy',
    regionOf,
    originOf: (aliasTarget) => originNameOf(model, aliasTarget),
    log,
    clock,
  });
  checks.onChange(() => dns.refresh());
  return { ...checks, dns, regionOf };
}

/** The name that a distribution asks for what no pattern of it matches. @param domainName - of the distribution */
function originNameOf({ distributions = [] }: LocalModel, domainName: string): string | undefined {
  const found = distributions.find((each) => each.domainName === domainName);
  const target = found?.behaviors.at(-1)?.target;
  return found?.origins.find(({ id }) => id === target)?.domainName;
}

/** Names that lead to a region's gateways, and to its buckets, whatever Route 53 says of its health. */
function endpointsOf(model: RegionModel, { gateways, s3Port, bucketFailure, erratic }: RoutedRegion) {
  const { restApis, httpApis = [], domains, buckets, region } = model;
  const kindOf = new Map<string, ApiKind>([
    ...restApis.map(({ id }) => [id, 'rest'] as const),
    ...httpApis.map(({ id }) => [id, 'http'] as const),
  ]);
  const endpoint = (name: string, kind: ApiKind): [string, () => Endpoint] => [
    name,
    () => ({
      host: LOOPBACK,
      port: gateways[kind].port,
      region,
      failure: gateways[kind].failure(name),
      erratic: erratic(),
    }),
  ];
  const named = domains.flatMap(({ regionalDomainName, mappings }) => {
    const kind = kindOf.get(mappings[0]?.apiId ?? '');
    return kind ? [endpoint(regionalDomainName, kind)] : [];
  });
  const stored = buckets.map(({ name }): [string, () => Endpoint] => [
    bucketHost(name, region),
    () => ({ host: LOOPBACK, port: s3Port, region, failure: bucketFailure(name), erratic: erratic() }),
  ]);
  return [...[...kindOf].map(([id, kind]) => endpoint(executeApiHost(id, region), kind)), ...named, ...stored];
}
