import { type Clock, MACHINE_CLOCK } from '#local/clock.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import type { DnsRecord, RegionType } from '#local/model/model.ts';
import type { Dns } from './dns.ts';

/** Where the public name leads a client, until its resolver's cache runs out. */
export interface Resolution {
  readonly region: RegionType;
  /** Milliseconds since the epoch: when the name began to lead there. */
  readonly since: number;
  readonly ttlSeconds: number;
}

export interface Resolver extends Service {
  /**
   * @param place - AWS region that a client is near to: each place has a resolver of its own. @default where most clients are
   * @returns undefined: the name has no answer
   */
  current(place?: string): Resolution | undefined;
}

export interface ResolverOptions {
  readonly name: string;
  readonly dns: Dns;
  /** The region that an alias target belongs to. */
  readonly regionOf: (aliasTarget: string) => RegionType | undefined;
  /** 10: a TTL of 60 s runs out after 6 s. */
  readonly timeScale: number;
  readonly log: RuntimeLog;
  /** @default - this machine's */
  readonly clock?: Clock;
}

/**
 * A caching resolver (RFC 1035, 3.2.1: an answer may be kept for its TTL) of a client that is never idle: it asks again each time that the
 * TTL has run out. So a failover reaches the client at most one TTL after Route 53's answer has changed, as the prediction assumes. Clients of other
 * places have resolvers of their own, which begin when the first of them asks.
 */
export function startResolver(options: ResolverOptions): Resolver {
  const caches = new Map([[undefined, startCache(options)]] as [string | undefined, Resolver][]);
  return {
    current: (place) => {
      const cache = caches.get(place) ?? startCache(options, place);
      caches.set(place, cache);
      return cache.current();
    },
    close: async () => {
      for (const cache of caches.values()) await cache.close();
    },
  };
}

/** @param place - of other clients than most: that they are led elsewhere is not logged */
function startCache(
  { name, dns, regionOf, timeScale, log, clock = MACHINE_CLOCK }: ResolverOptions,
  place?: string,
): Resolver {
  let current: Resolution | undefined;
  let stop = () => {};
  const ask = () => {
    const record = dns.resolve(name, place);
    const previous = current;
    current = resolutionOf(record, previous);
    if (place === undefined && previous && current && previous.region !== current.region) {
      log.write({ kind: 'entry', time: current.since, name, from: previous.region, to: current.region });
    }
    stop = clock.after(((record?.ttlSeconds ?? 60) * 1000) / timeScale, ask);
  };
  const resolutionOf = (record: DnsRecord | undefined, previous: Resolution | undefined): Resolution | undefined => {
    const region = record?.aliasTarget && regionOf(record.aliasTarget);
    if (!record || !region) return undefined;
    const since = previous?.region === region ? previous.since : clock.time();
    return { region, since, ttlSeconds: record.ttlSeconds };
  };
  ask();
  return {
    current: () => current,
    close: async () => stop(),
  };
}
