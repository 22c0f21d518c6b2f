import type { RuntimeControls } from '#local/control/controls.ts';
import type { RuntimeStatus, UnusedPermissions } from '#local/control/protocol.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { CredentialStore } from '#local/iam/credential-store.ts';
import type { RegionType } from '#local/model/model.ts';
import type { Releases } from '#local/release/releases.ts';
import { predictRecovery } from '#local/route53/health-checks.ts';
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
  readonly releases: Pick<Releases, 'current'>;
  readonly deploy: RuntimeControls['deploy'];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly links: readonly ServiceLink[];
  readonly routing: Routing;
  readonly publicNames: readonly PublicName[];
  readonly unusedPermissions: () => UnusedPermissions;
  readonly timeScale: number;
  readonly replicationLagMilliseconds: number;
  readonly log: RuntimeLog;
}

/**
 * What can be done to a runtime while it runs. A failed region neither responds nor replicates; its functions and data stay as they are, for
 * the day that it recovers.
 */
export function createControls(parts: ControlledParts): RuntimeControls {
  const { target, regions, links, routing, publicNames, timeScale, startedAt, log } = parts;
  const since: Record<RegionType, number> = { primary: startedAt, secondary: startedAt };
  const predicted = predictRecovery(target.model().dns, timeScale);
  let lag = parts.replicationLagMilliseconds;

  const isFailed = (region: RegionType) => regions[region].gateways.rest.failed();
  const served = new Set(publicNames.map(({ name }) => name));
  const healthChecksOf = (region: RegionType) => {
    const { dns } = target.model();
    const ids = new Set(
      dns.records
        .filter(({ name, aliasTarget }) => served.has(name) && routing.regionOf(aliasTarget ?? '') === region)
        .map(({ healthCheckId }) => healthCheckId),
    );
    return dns.healthChecks.flatMap(({ id, name, resourcePath }) => {
      const state = ids.has(id) && routing.status(id);
      return state ? [{ name, resourcePath, ...state }] : [];
    });
  };
  const regionStatus = (region: RegionType) => ({
    region: target.model().regions[region].region,
    failed: isFailed(region),
    since: since[region],
    healthChecks: healthChecksOf(region),
  });

  return {
    setFailed: (region, failed) => {
      if (isFailed(region) === failed) return;
      for (const gateway of Object.values(regions[region].gateways)) gateway.setFailed(failed);
      if (failed) for (const { entry } of publicNames) entry.breakConnections(region);
      for (const link of links) {
        if (failed) link.pause(region);
        else link.resume(region);
      }
      since[region] = Date.now();
      log.write({ kind: 'control', time: since[region], region, action: failed ? 'fail' : 'recover' });
    },
    setReplicationLag: (milliseconds) => {
      for (const link of links) link.setLag(milliseconds);
      lag = milliseconds;
    },
    moveTarget: target.move,
    unusedPermissions: parts.unusedPermissions,
    deploy: parts.deploy,
    regions: () => describeRegions({ ...parts, healthChecks: routing }),
    status: (): RuntimeStatus => ({
      stage: target.model().stage,
      startedAt,
      timeScale,
      replicationLagMilliseconds: lag,
      regions: { primary: regionStatus('primary'), secondary: regionStatus('secondary') },
      entries: publicNames.map(({ name, entry, resolver }) => {
        const resolution = resolver.current();
        return {
          name,
          url: entry.url,
          region: resolution?.region ?? null,
          since: resolution?.since ?? startedAt,
          ttlSeconds: resolution?.ttlSeconds ?? 0,
        };
      }),
      predicted,
    }),
  };
}
