import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { LOOPBACK } from '#local/http/listen.ts';
import type { LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { executeApiHost } from '#stacks/settings/partitions.ts';
import { type ApiKind, createDns, type Dns } from './dns.ts';
import { type HealthChecks, startHealthChecks } from './health-checks.ts';

/** The Route 53 of a model: health checks that ask the gateways, and answers that follow them. */
export interface Routing extends HealthChecks {
  readonly dns: Dns;
  /** The region that an alias target, a custom domain's regional name, belongs to. */
  regionOf(aliasTarget: string): RegionType | undefined;
}

/** The gateways that health checks of a region ask. */
export interface RoutedRegion {
  readonly gateways: Readonly<Record<ApiKind, { readonly port: number }>>;
}

/** Starts the model's health checks; each change of one changes the answers at once. */
export function startRouting(options: {
  readonly model: LocalModel;
  readonly regions: Readonly<Record<RegionType, RoutedRegion>>;
  readonly timeScale: number;
  readonly log: RuntimeLog;
}): Routing {
  const { model, regions, timeScale, log } = options;
  const models = Object.values(model.regions);
  const ports = new Map(models.flatMap((region) => portsOf(region, regions[region.type])));
  const regionByTarget = new Map(
    models.flatMap((region) => region.domains.map((domain) => [domain.regionalDomainName, region.type])),
  );
  const regionOf = (aliasTarget: string) => regionByTarget.get(aliasTarget);
  const checks = startHealthChecks({
    checks: model.dns.healthChecks,
    resolve: (fqdn) => {
      const port = ports.get(fqdn.toLowerCase());
      return port === undefined ? undefined : { host: LOOPBACK, port };
    },
    timeScale,
    log,
  });
  const dns = createDns({
    records: model.dns.records,
    isHealthy: (id) => checks.status(id)?.status !== 'unhealthy',
    regionOf,
    log,
  });
  checks.onChange(() => dns.refresh());
  return { ...checks, dns, regionOf };
}

/** Names that lead to a region's gateways whatever Route 53 says of its health. */
function portsOf({ restApis, httpApis = [], domains, region }: RegionModel, { gateways }: RoutedRegion) {
  const kindOf = new Map<string, ApiKind>([
    ...restApis.map(({ id }) => [id, 'rest'] as const),
    ...httpApis.map(({ id }) => [id, 'http'] as const),
  ]);
  const ports: [string, number][] = [...kindOf].map(([id, kind]) => [executeApiHost(id, region), gateways[kind].port]);
  for (const { regionalDomainName, mappings } of domains) {
    const kind = kindOf.get(mappings[0]?.apiId ?? '');
    if (kind) ports.push([regionalDomainName, gateways[kind].port]);
  }
  return ports;
}
