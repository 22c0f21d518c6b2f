import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Failures } from '#local/failure/failure.ts';
import type { LocalModel, RegionType } from '#local/model/model.ts';
import { type ApiKind, publicNameOf } from '#local/route53/dns.ts';
import { type Entry, startEntry } from '#local/route53/entry.ts';
import { type Resolver, startResolver } from '#local/route53/resolver.ts';
import type { Routing } from '#local/route53/routing.ts';
import type { Region } from './start-region.ts';
import type { Startup } from './startup.ts';

/** A public name that is served on this machine. */
export interface PublicName {
  readonly kind: ApiKind;
  readonly name: string;
  readonly resolver: Resolver;
  readonly entry: Entry;
}

/**
 * Serves the public name of one kind of API: a client's resolver, and the entry that follows it.
 *
 * @returns undefined when no name leads to such an API in both regions
 */
export async function startPublicName(
  startup: Startup,
  options: {
    readonly model: LocalModel;
    readonly kind: ApiKind;
    /** 0: any free one. */
    readonly port: number;
    readonly regions: Readonly<Record<RegionType, Region>>;
    readonly routing: Routing;
    readonly failures: Failures;
    readonly timeScale: number;
    readonly log: RuntimeLog;
  },
): Promise<PublicName | undefined> {
  const { model, kind, port, regions, routing, failures, timeScale, log } = options;
  const name = publicNameOf(model, kind);
  if (name === undefined) return undefined;
  const { dns, regionOf } = routing;
  const resolver = startup.keep(startResolver({ name, dns, regionOf, timeScale, log }));
  const gateways = { primary: regions.primary.gateways[kind], secondary: regions.secondary.gateways[kind] };
  const certificateFails = (region: RegionType) => failures.faults(region, ['certificate']).mode() !== undefined;
  const entry = startup.keep(await startEntry({ name, port, resolver, gateways, certificateFails }));
  return { kind, name, resolver, entry };
}
