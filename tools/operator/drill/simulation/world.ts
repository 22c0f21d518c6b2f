import type { RouteDocument } from '#contract/route-document.ts';
import { writeRoute } from '#contract/route-document.ts';
import { startReplication } from '#local/dynamodb/replication.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { type FailureMode, Failures } from '#local/failure/failure.ts';
import type { LocalModel } from '#local/model/model.ts';
import { createReleases } from '#local/release/releases.ts';
import { publicNameOf } from '#local/route53/dns.ts';
import { PLACES } from '#local/route53/places.ts';
import type { Observation, Probe } from '#local/route53/probe.ts';
import { startResolver } from '#local/route53/resolver.ts';
import { startRouting } from '#local/route53/routing.ts';
import { createLiveTarget } from '#local/target/live-target.ts';
import type { TargetParts } from '#local/target/target-parts.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import { bucketHost } from '#stacks/settings/partitions.ts';
import { randomOf } from './random.ts';
import { createRegion } from './region.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The stage that is simulated, as it was synthesized. */
export interface SimulatedStage {
  readonly model: LocalModel;
  readonly parts: TargetParts;
}

/** What is made wrong on purpose, to see that it is found. */
export type PlantedFault = 'forgotten-revert' | 'lost-message' | 'stale-write-wins' | 'wrong-status';

const LAG_MILLISECONDS = 100;
/** One prober in each of the regions that Route 53 checks from: as many verdicts as on AWS cost most of a run. */
const ONE_EACH = PLACES.filter((_, index) => index % 2 === 0);
const REGION_TYPES = ['primary', 'secondary'] as const;

/** Both regions, what replicates between them, Route 53 and a client's resolver: the runtime's own parts on a clock of their own. */
export function createWorld({ model, parts }: SimulatedStage, lot: number, planted?: PlantedFault) {
  const clock = new VirtualClock();
  const random = randomOf(lot);
  const log = new RuntimeLog();
  const failures = new Failures({ random });
  const make = (type: RegionType) => createRegion({ model: model.regions[type], failures, clock });
  const regions = { primary: make('primary'), secondary: make('secondary') };
  const skew: Record<RegionType, number> = { primary: 0, secondary: 0 };
  let spread = 0;
  let partitioned = false;
  let messages = 0;
  const link = startReplication({
    primary:
      planted === 'lost-message' ? losing(regions.primary.tables, () => ++messages % 2 === 0) : regions.primary.tables,
    secondary: regions.secondary.tables,
    lagMilliseconds: LAG_MILLISECONDS,
    log,
    clock,
    extraLag: () => Math.floor(random() * spread),
    // A stamp that only counts what a region itself wrote is none: the last writer no longer wins.
    stamp: (region) => (planted === 'stale-write-wins' ? -clock.now() : clock.now() + skew[region]),
  });

  const routes = routeStores(model, failures);
  const name = publicNameOf(model, 'rest') ?? '';
  const ask = async ({ hostHeader, searchString }: Probe): Promise<Observation> => {
    const bucket = REGION_TYPES.find((type) => hostHeader.toLowerCase() === routes.hosts[type]);
    if (bucket !== undefined) {
      const success = searchString !== undefined && writeRoute(routes.documents[bucket]).includes(searchString);
      return { success, reason: success ? 'HTTP status 200' : 'HTTP status 200, but not what is searched for' };
    }
    const region = REGION_TYPES.find((type) => hostHeader.startsWith(`${model.regions[type].region}.`)) ?? 'primary';
    const status = regions[region].probe(hostHeader);
    return { success: status < 400, reason: `HTTP status ${status}` };
  };
  const routed = (type: RegionType) => {
    const { rest, http } = { rest: ['region', 'rest', 'domain'], http: ['region', 'http', 'domain'] };
    const gateway = (needed: readonly string[]) => ({ port: 0, failure: () => failures.faults(type, needed).mode() });
    return {
      gateways: { rest: gateway(rest), http: gateway(http) },
      s3Port: 0,
      bucketFailure: () => failures.faults(type, ['region']).mode(),
      erratic: () => failures.of(type).some(({ mode }) => mode.kind === 'errors'),
    };
  };
  const routing = startRouting({
    model,
    regions: { primary: routed('primary'), secondary: routed('secondary') },
    timeScale: 1,
    log,
    clock,
    ask,
    places: ONE_EACH,
  });
  const resolver = startResolver({ name, dns: routing.dns, regionOf: routing.regionOf, timeScale: 1, log, clock });
  const target = createLiveTarget({
    model,
    parts,
    gateways: {
      primary: Object.values(regions.primary.gateways),
      secondary: Object.values(regions.secondary.gateways),
    },
    healthChecks: routing,
    log,
  });
  const releases = createReleases({
    model,
    startedAt: clock.time(),
    regions,
    copies: {
      unpack: async (given) => given,
      // What a release takes to be made ready; faults may come in between.
      freeze: async (given) => {
        await clock.wait(3000);
        return given;
      },
      remove: async () => undefined,
    },
    addRoles: () => () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
    grow: () => undefined,
    log,
  });

  const connect = () => {
    for (const type of REGION_TYPES) {
      if (partitioned || isGone(failures, type)) link.pause(type);
      else link.resume(type);
    }
  };
  return {
    clock,
    name,
    regions,
    routes: routes.stores,
    /** What each region says of the other one. */
    routeSaid: (type: RegionType) => routes.documents[type].route,
    target,
    releases,
    resolver,
    failures: (type: RegionType) => failures.of(type),
    isGone: (type: RegionType) => isGone(failures, type),
    /** A region's own name, whatever Route 53 says. */
    ownName: (type: RegionType) => `${model.regions[type].region}.${name}`,
    fail: (type: RegionType, part: string, mode: FailureMode) => {
      failures.set(type, { part, mode });
      regions[type].breakConnections();
      connect();
    },
    recover: (type: RegionType) => {
      failures.clear(type);
      connect();
    },
    setPartitioned: (next: boolean) => {
      partitioned = next;
      connect();
    },
    setLag: (milliseconds: number, most: number) => {
      spread = most;
      link.setLag(milliseconds);
    },
    setSkew: (type: RegionType, milliseconds: number) => {
      skew[type] = milliseconds;
    },
    skewOf: (type: RegionType) => skew[type],
    pending: () => link.pending(),
    isPlanted: (fault: PlantedFault) => planted === fault,
    close: async () => {
      await Promise.all([routing.close(), resolver.close(), link.close()]);
    },
  };
}

export type World = ReturnType<typeof createWorld>;

function isGone(failures: Failures, region: RegionType): boolean {
  return failures
    .of(region)
    .some(({ part, mode }) => part === 'region' && (mode.kind === 'refuse' || mode.kind === 'drop'));
}

function losing<T extends { replicate(write: never): void }>(tables: T, isLost: () => boolean): T {
  const replicate: T['replicate'] = (write) => {
    if (!isLost()) tables.replicate(write);
  };
  return { ...tables, replicate };
}

/** Where regions say whether traffic keeps away from each other: in memory, out of reach while the region is gone. */
function routeStores(model: LocalModel, failures: Failures) {
  const documents: Record<RegionType, RouteDocument> = { primary: { route: 'home' }, secondary: { route: 'home' } };
  const versions = { primary: 0, secondary: 0 };
  const requireThere = (type: RegionType) => {
    if (isGone(failures, type)) throw new Error(`The ${type} region does not answer.`);
  };
  const storeOf = (type: RegionType): RouteStore => ({
    region: model.regions[type].region,
    read: async () => {
      requireThere(type);
      return { document: documents[type], version: String(versions[type]) };
    },
    write: async (document, version) => {
      requireThere(type);
      if (version !== String(versions[type])) return false;
      documents[type] = document;
      versions[type] += 1;
      return true;
    },
  });
  const hostOf = (type: RegionType) => {
    const check = model.dns.healthChecks.find(
      ({ fqdn, inverted }) => inverted && fqdn.includes(`.${model.regions[type].region}.`),
    );
    const [bucket] = model.regions[type].buckets.filter(({ name }) => check?.fqdn.startsWith(name));
    return bucketHost(bucket?.name ?? '', model.regions[type].region).toLowerCase();
  };
  return {
    documents,
    stores: { primary: storeOf('primary'), secondary: storeOf('secondary') },
    hosts: { primary: hostOf('primary'), secondary: hostOf(otherRegion('primary')) },
  };
}
