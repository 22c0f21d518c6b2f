import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { DnsRecord, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';

/** Route 53's answers, as they are now. */
export interface Dns {
  /** @returns the record that answers for a name (any case, a dot at the end allowed), undefined when there is none */
  resolve(name: string): DnsRecord | undefined;
  /** Compares every answer with the one before and logs what changed; call it when a health check has changed. */
  refresh(): void;
}

interface DnsOptions {
  readonly records: readonly DnsRecord[];
  readonly isHealthy: (healthCheckId: string) => boolean;
  /** The region that an alias target belongs to, for the log. */
  readonly regionOf: (aliasTarget: string) => RegionType | undefined;
  readonly log: RuntimeLog;
}

/**
 * Answers queries from records. Of failover records PRIMARY is the answer if it is healthy, else SECONDARY if that is healthy, else
 * PRIMARY; a record without a health check counts as healthy.
 *
 * Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured" and "Active-passive failover".
 */
export function createDns({ records, isHealthy, regionOf, log }: DnsOptions): Dns {
  // A client of either address family is sent to the same place, so the first type of a name stands for all.
  const byName = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const name = canonical(record.name);
    const same = byName.get(name);
    if (!same) byName.set(name, [record]);
    else if (same[0]?.type === record.type) same.push(record);
  }
  const healthy = ({ healthCheckId }: DnsRecord) => healthCheckId === undefined || isHealthy(healthCheckId);
  const choose = (candidates: readonly DnsRecord[]): DnsRecord | undefined => {
    const primary = candidates.find(({ failover }) => failover === 'PRIMARY');
    const secondary = candidates.find(({ failover }) => failover === 'SECONDARY');
    if (primary && healthy(primary)) return primary;
    if (secondary && healthy(secondary)) return secondary;
    return primary ?? secondary ?? candidates[0];
  };
  const regionNow = (name: string) => regionOf(choose(byName.get(name) ?? [])?.aliasTarget ?? '');
  const answered = new Map([...byName.keys()].map((name) => [name, regionNow(name)]));

  return {
    resolve: (name) => choose(byName.get(canonical(name)) ?? []),
    refresh: () => {
      for (const [name, from] of answered) {
        const to = regionNow(name);
        if (to === from || to === undefined) continue;
        answered.set(name, to);
        log.write({ kind: 'dns', time: Date.now(), name, ...(from && { from }), to });
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
