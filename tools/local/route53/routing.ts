import type { GatewayService } from '../gateway/gateway-server.ts';
import { executeApiHost } from '../gateway/stage-picker.ts';
import { LOOPBACK } from '../listen.ts';
import type { CustomDomain, LocalModel, RegionModel, RegionType } from '../model/model.ts';
import type { RuntimeLog } from '../runtime-log.ts';
import { createDns, type Dns } from './dns.ts';
import { type HealthChecks, startHealthChecks } from './health-checks.ts';

/** The Route 53 of a model: health checks that ask the gateways, and answers that follow them. */
export interface Routing extends HealthChecks {
  readonly dns: Dns;
  /** The region that an alias target, a custom domain's regional name, belongs to. */
  regionOf(aliasTarget: string): RegionType | undefined;
}

/** Starts the model's health checks; each change of one changes the answers at once. */
export function startRouting(options: {
  readonly model: LocalModel;
  readonly gateways: Readonly<Record<RegionType, GatewayService>>;
  readonly timeScale: number;
  readonly log: RuntimeLog;
}): Routing {
  const { model, gateways, timeScale, log } = options;
  const regions = Object.values(model.regions);
  const ports = new Map(regions.flatMap((region) => hostsOf(region).map((host) => [host, gateways[region.type].port])));
  const regionByTarget = new Map(
    regions.flatMap((region) => region.domains.map((domain) => [domain.regionalDomainName, region.type])),
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

/** Names that lead to a region's gateway whatever Route 53 says of its health. */
function hostsOf({ restApis, domains, region }: RegionModel): string[] {
  return [
    ...restApis.map(({ id }) => executeApiHost(id, region)),
    ...domains.map((domain: CustomDomain) => domain.regionalDomainName),
  ];
}
