import type { OriginServer, OriginState } from '#local/edge/ask-origin.ts';
import { startDistribution } from '#local/edge/start-distribution.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Failures } from '#local/failure/failure.ts';
import type { Distribution } from '#local/model/distributions.ts';
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
  /** CloudFront, where the name leads to it. @default - it leads to the regions */
  readonly edge?: Distribution;
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
  const distribution = distributionOf(model, name);
  const open = async (at: number, led: Resolver) =>
    startup.keep(await startEntry({ name, port: at, resolver: led, gateways, certificateFails }));
  const entry = await open(distribution ? 0 : port, resolver);
  if (distribution === undefined) return { kind, name, resolver, entry };
  const stateOf = (led: Resolver, place: string | undefined): OriginState => {
    const region = led.current(place)?.region;
    if (region === undefined) return 'no address';
    const failure = gateways[region].failure(name)?.kind;
    if (failure === 'refuse' || failure === 'drop') return failure === 'refuse' ? 'refuses' : 'drops packets';
    return certificateFails(region) ? 'bad certificate' : 'accepts';
  };
  const origins = new Map<string, OriginServer>();
  for (const { domainName } of distribution.origins) {
    const region = regionOf(domainName);
    const since = Date.now();
    // A name of a region leads there whatever becomes of it, any other as the public name did before there was an edge.
    const led =
      region === undefined
        ? resolver
        : { current: () => ({ region, since, ttlSeconds: 60 }), close: async () => undefined };
    const { port: itsPort } = region === undefined ? entry : await open(0, led);
    origins.set(domainName, { port: itsPort, state: (place) => stateOf(led, place) });
  }
  const edge = startup.keep(await startDistribution({ distribution, name, port, origins, timeScale }));
  return { kind, name, resolver, entry: { ...edge, breakConnectionsTo: entry.breakConnectionsTo }, edge: distribution };
}

/** The distribution that a name leads to. */
function distributionOf({ dns, distributions = [] }: LocalModel, name: string): Distribution | undefined {
  const targets = dns.records.filter((record) => record.name === name).map(({ aliasTarget }) => aliasTarget);
  return distributions.find(({ domainName, aliases }) => targets.includes(domainName) && aliases.includes(name));
}
