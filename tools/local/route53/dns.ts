import { type Clock, MACHINE_CLOCK } from '#local/clock.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { DnsRecord, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { roundTrip } from './places.ts';

/** Route 53's answers, as they are now. */
export interface Dns {
  /**
   * @param place - AWS region that the client is near to: latency records lead it to the nearest. @default the first latency record's own
   * @returns the record that answers for a name (any case, a dot at the end allowed), of weighted ones by lot; of a name that leads to a distribution, that
   *   of its origin, as every request is asked there; undefined when there is none
   */
  resolve(name: string, place?: string): DnsRecord | undefined;
  /** Compares every answer with the one before and logs what changed; call it when a health check has changed. */
  refresh(): void;
}

interface DnsOptions {
  readonly records: readonly DnsRecord[];
  readonly isHealthy: (healthCheckId: string) => boolean;
  /** The region that an alias target belongs to, for the log. */
  readonly regionOf: (aliasTarget: string) => RegionType | undefined;
  /** The name that a distribution of CloudFront asks for what comes to it, by its own domain name. @default there are none */
  readonly originOf?: (aliasTarget: string) => string | undefined;
  /** A number from 0 to 1, without 1: the lot of weighted records. @default Math.random */
  readonly draw?: () => number;
  readonly log: RuntimeLog;
  /** @default - this machine's */
  readonly clock?: Clock | undefined;
}

/**
 * Answers queries from records. Of failover records PRIMARY is the answer if it is healthy, else SECONDARY if that is healthy, else
 * PRIMARY. Of weighted and latency records the healthy ones are considered, and all of them where none is; of weighted ones, those of weight 0 only
 * where no other is healthy. A record without a health check counts as healthy.
 *
 * Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured", "Active-passive failover", "Weighted
 * routing" and "Latency-based routing".
 */
export function createDns(options: DnsOptions): Dns {
  const {
    records,
    isHealthy,
    regionOf,
    originOf = () => undefined,
    log,
    draw = Math.random,
    clock = MACHINE_CLOCK,
  } = options;
  // A client of either address family is sent to the same place, so the first type of a name stands for all.
  const byName = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const name = canonical(record.name);
    const same = byName.get(name);
    if (!same) byName.set(name, [record]);
    else if (same[0]?.type === record.type) same.push(record);
  }
  const healthy = ({ healthCheckId }: DnsRecord) => healthCheckId === undefined || isHealthy(healthCheckId);
  /** Those that may be the answer now: several of weighted ones. */
  const possible = (candidates: readonly DnsRecord[], place?: string): readonly DnsRecord[] => {
    const primary = candidates.find(({ failover }) => failover === 'PRIMARY');
    const secondary = candidates.find(({ failover }) => failover === 'SECONDARY');
    const failover = [primary, secondary].filter((record) => record !== undefined);
    if (failover.length > 0) return [failover.find(healthy) ?? failover[0]].filter((record) => record !== undefined);
    const well = candidates.filter(healthy);
    if (candidates.some(({ weight }) => weight !== undefined)) {
      const drawn = (from: readonly DnsRecord[]) => from.filter(({ weight = 0 }) => weight > 0);
      return [drawn(well), well, drawn(candidates), candidates].find((each) => each.length > 0) ?? [];
    }
    const from = place ?? candidates[0]?.latencyRegion ?? '';
    const distance = ({ latencyRegion = '' }: DnsRecord) =>
      latencyRegion === from ? 0 : roundTrip({ region: from }, latencyRegion);
    return [...(well.length > 0 ? well : candidates)].sort((one, other) => distance(one) - distance(other)).slice(0, 1);
  };
  const choose = (candidates: readonly DnsRecord[], place?: string): DnsRecord | undefined => {
    const open = possible(candidates, place);
    const total = open.reduce((sum, { weight = 0 }) => sum + weight, 0);
    // Where all weights are 0, all are as likely.
    if (total === 0) return open[Math.floor(draw() * open.length)];
    const lot = draw() * total;
    return open.find((_, index) => lot < open.slice(0, index + 1).reduce((sum, { weight = 0 }) => sum + weight, 0));
  };
  /** Undefined while several regions are answers. */
  const regionNow = (name: string): RegionType | undefined => {
    const regions = new Set(
      possible(byName.get(name) ?? []).map(({ aliasTarget = '' }) => {
        const origin = originOf(aliasTarget);
        return origin === undefined ? regionOf(aliasTarget) : regionNow(canonical(origin));
      }),
    );
    return regions.size === 1 ? [...regions][0] : undefined;
  };
  const answered = new Map([...byName.keys()].map((name) => [name, regionNow(name)]));

  const resolve = (name: string, place?: string): DnsRecord | undefined => {
    const record = choose(byName.get(canonical(name)) ?? [], place);
    const origin = originOf(record?.aliasTarget ?? '');
    return origin === undefined ? record : resolve(origin, place);
  };

  return {
    resolve,
    refresh: () => {
      for (const [name, from] of answered) {
        const to = regionNow(name);
        if (to === from) continue;
        answered.set(name, to);
        if (to !== undefined) log.write({ kind: 'dns', time: clock.time(), name, ...(from && { from }), to });
      }
    },
  };
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The kinds of API Gateway's APIs that the runtime serves. */
export type ApiKind = 'http' | 'rest';

/** The first name with alias records that lead to an API of this kind in both regions; undefined: there is none. */
export function publicNameOf({ dns, regions }: LocalModel, kind: ApiKind): string | undefined {
  const served = Object.values(regions).map((region) => domainNamesOf(region, kind));
  const record = dns.records.find(
    ({ name, aliasTarget }) => aliasTarget && served.every((inRegion) => inRegion.has(name)),
  );
  return record?.name;
}

function domainNamesOf({ domains, restApis, httpApis = [] }: RegionModel, kind: ApiKind): ReadonlySet<string> {
  const ids = new Set((kind === 'rest' ? restApis : httpApis).map(({ id }) => id));
  const mapped = domains.filter(({ mappings }) => mappings.some(({ apiId }) => ids.has(apiId)));
  return new Set(mapped.map(({ domainName }) => domainName));
}
