import { isDeepStrictEqual } from 'node:util';
import type { Alarms } from '#local/cloudwatch/alarms.ts';
import type { MetricStore } from '#local/cloudwatch/metric-store.ts';
import type { RuntimeControls } from '#local/control/controls.ts';
import type { RuntimeStatus, UnusedPermissions } from '#local/control/protocol.ts';
import type { RecordedRequests } from '#local/events/recorded-requests.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { FailureError, type Failures, REGION_GONE } from '#local/failure/failure.ts';
import type { CredentialStore } from '#local/iam/credential-store.ts';
import type { Distribution } from '#local/model/distributions.ts';
import type { RegionType } from '#local/model/model.ts';
import type { Releases } from '#local/release/releases.ts';
import { findPart, partsIn, predictFailure } from '#local/route53/predict-failure.ts';
import { endpointChecksOf, predictRecovery } from '#local/route53/predictions.ts';
import type { Routing } from '#local/route53/routing.ts';
import type { LiveTarget } from '#local/target/live-target.ts';
import type { ServiceLink } from './aws-services.ts';
import { describeRegions } from './describe-regions.ts';
import type { PublicName } from './start-public-name.ts';
import type { Region } from './start-region.ts';

export interface ControlledParts {
  readonly target: LiveTarget;
  readonly credentials: CredentialStore;
  readonly regions: Readonly<Record<RegionType, Region>>;
  readonly releases: Releases;
  readonly deployment: Pick<RuntimeControls, 'admitKeys' | 'deploy' | 'plan'>;
  readonly data: RuntimeControls['data'];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly links: readonly ServiceLink[];
  readonly routing: Routing;
  readonly failures: Failures;
  readonly publicNames: readonly PublicName[];
  readonly unusedPermissions: () => UnusedPermissions;
  readonly token: RuntimeControls['token'];
  readonly alarms: Pick<Alarms, 'changes' | 'current'>;
  readonly metrics: Pick<MetricStore, 'recent'>;
  readonly recorded: Pick<RecordedRequests, 'of'>;
  readonly timeScale: number;
  readonly replicationLagMilliseconds: number;
  readonly log: RuntimeLog;
}

/**
 * What can be done to a runtime while it runs. A failed region neither responds nor replicates; its functions and data stay as they are, for
 * the day that it recovers.
 */
export function createControls(parts: ControlledParts): RuntimeControls {
  const { target, regions, links, routing, failures, publicNames, timeScale, startedAt, log } = parts;
  const since: Record<RegionType, number> = { primary: startedAt, secondary: startedAt };
  const predicted = predictRecovery(target.model().dns, timeScale);
  let lag = parts.replicationLagMilliseconds;
  let partitioned = false;

  const connectRegions = () => {
    for (const link of links) {
      for (const region of ['primary', 'secondary'] as const) {
        if (partitioned || isGone(failures, region)) link.pause(region);
        else link.resume(region);
      }
    }
  };
  /** A client that has a connection to what is refused now, or waited in vain, hears of it. */
  const breakConnections = (region: RegionType) => {
    for (const gateway of Object.values(regions[region].gateways)) if (gateway.failed()) gateway.breakConnections();
    for (const { kind, entry, name } of publicNames) {
      if (regions[region].gateways[kind].failure(name)?.kind === 'refuse') entry.breakConnectionsTo(region);
    }
  };
  // Of a name that leads to the edge, the names of its origins have the records that follow health.
  const served = new Set(
    publicNames.flatMap(({ name, edge }) => [name, ...(edge?.origins ?? []).map((each) => each.domainName)]),
  );
  const active = () => {
    const { records } = target.model().dns;
    const first = records.filter(({ name, failover }) => failover === 'PRIMARY' && served.has(name));
    const [region = null] = first.flatMap(({ aliasTarget = '' }) => routing.regionOf(aliasTarget) ?? []);
    return region;
  };
  const healthChecksOf = (region: RegionType) => {
    const { dns } = target.model();
    const ids = new Set(
      dns.records
        .filter(({ name, aliasTarget }) => served.has(name) && routing.regionOf(aliasTarget ?? '') === region)
        .map(({ healthCheckId }) => healthCheckId),
    );
    const checks = new Set([...ids].flatMap((id) => (id === undefined ? [] : endpointChecksOf(dns, id))));
    return [...checks].flatMap(({ id, name, resourcePath }) => {
      const state = routing.status(id);
      return state ? [{ name, resourcePath, ...state }] : [];
    });
  };
  const regionStatus = (region: RegionType) => ({
    region: target.model().regions[region].region,
    failed: failures.of(region).length > 0,
    failures: failures.of(region).map((failure) => {
      const prediction = predictFailure(target.model(), region, failure, timeScale);
      return { ...failure, prediction };
    }),
    since: since[region],
    healthChecks: healthChecksOf(region),
  });

  return {
    fail: (region, failure = REGION_GONE) => {
      const model = target.model().regions[region];
      const part = findPart(model, failure.part);
      if (part === undefined) throw unknownPart(failure.part, partsIn(model));
      const found = { ...failure, part };
      if (failures.of(region).some((each) => isDeepStrictEqual(each, found))) return;
      failures.set(region, found);
      breakConnections(region);
      connectRegions();
      since[region] = Date.now();
      log.write({ kind: 'control', time: since[region], region, action: 'fail', failure: found });
    },
    recover: (region) => {
      if (failures.of(region).length === 0) return;
      const waiting = failures.of(region).some(({ mode }) => mode.kind === 'drop');
      failures.clear(region);
      // Nothing will come on connections whose packets were dropped.
      if (waiting) {
        for (const gateway of Object.values(regions[region].gateways)) gateway.breakConnections();
        for (const { entry } of publicNames) entry.breakConnectionsTo(region);
      }
      connectRegions();
      since[region] = Date.now();
      log.write({ kind: 'control', time: since[region], region, action: 'recover' });
    },
    setPartitioned: (next) => {
      if (partitioned === next) return;
      partitioned = next;
      connectRegions();
      log.write({ kind: 'control', time: Date.now(), action: next ? 'partition' : 'heal' });
    },
    setReplicationLag: (milliseconds) => {
      for (const link of links) link.setLag(milliseconds);
      lag = milliseconds;
    },
    hold: (region, routes) => regions[region].hold(routes),
    moveTarget: (part, environment, propagation = 0) => target.move(part, environment, propagation / timeScale),
    alarms: () => ({ alarms: parts.alarms.current(), changes: parts.alarms.changes() }),
    metrics: (minutes) => parts.metrics.recent(minutes),
    recorded: (environment, since) => parts.recorded.of(environment, since),
    unusedPermissions: parts.unusedPermissions,
    token: parts.token,
    ...parts.deployment,
    data: parts.data,
    publish: ({ region, functionName, codeSha256 }) => parts.releases.publish(region, functionName, codeSha256),
    point: ({ environment, versions }) => parts.releases.point(environment, versions),
    weigh: async ({ region, environment, weights }) => {
      await parts.releases.weigh(region, environment, weights);
      const share = Math.max(0, ...Object.values(weights).map((each) => each.share));
      log.write({ kind: 'control', time: Date.now(), region, action: 'weigh', environment, share });
    },
    regions: () => describeRegions({ ...parts, healthChecks: routing }),
    status: (): RuntimeStatus => ({
      stage: target.model().stage,
      startedAt,
      timeScale,
      active: active(),
      replicationLagMilliseconds: lag,
      partitioned,
      regions: { primary: regionStatus('primary'), secondary: regionStatus('secondary') },
      entries: publicNames.map(({ name, entry, resolver, edge }) => {
        const resolution = resolver.current();
        return {
          name,
          url: entry.url,
          region: resolution?.region ?? null,
          since: resolution?.since ?? startedAt,
          ttlSeconds: resolution?.ttlSeconds ?? 0,
          ...(edge && {
            edge: { domainName: edge.domainName, eitherRegion: pathsOfEither(edge), kept: pathsKept(edge) },
          }),
        };
      }),
      predicted,
    }),
  };
}

/** Paths that are asked of the other region, too, where the first one fails them. */
function pathsOfEither({ behaviors, groups }: Distribution): string[] {
  const either = behaviors.filter(({ target }) => groups.some(({ id }) => id === target));
  return either.map(({ pathPattern = '/*' }) => pathPattern);
}

function pathsKept({ behaviors }: Distribution): string[] {
  return behaviors.filter(({ cache }) => cache !== undefined).map(({ pathPattern = '/*' }) => pathPattern);
}

/** Whether nothing comes out of a region or into it. */
function isGone(failures: Failures, region: RegionType): boolean {
  return failures
    .of(region)
    .some(({ part, mode }) => part === 'region' && (mode.kind === 'refuse' || mode.kind === 'drop'));
}

function unknownPart(part: string, known: readonly string[]): FailureError {
  return new FailureError(`got ${JSON.stringify(part)}, allowed: ${known.join(', ')}. The end of a name is enough.`);
}
