import { readFields } from './read-fields.ts';
import type { RuntimeEvent } from './runtime-log.ts';

/** Of each region, what its health checks ask. */
interface CheckedRoutes {
  readonly regions: Readonly<
    Record<'primary' | 'secondary', { readonly healthChecks: readonly { readonly resourcePath: string }[] }>
  >;
}

/**
 * Tells access log lines of health checks that succeed, looks at routes and regions that find nothing, and beats that are heard,
 * from all others: there are several every few seconds, and they would bury what a developer looks for. `--log-format json` and the control endpoint have them all the same.
 */
export function routineProbes({ regions }: CheckedRoutes): (event: RuntimeEvent) => boolean {
  const checks = [...regions.primary.healthChecks, ...regions.secondary.healthChecks];
  const routes = new Set(checks.map(({ resourcePath }) => resourcePath.split('?', 1)[0] ?? ''));
  return (event) => {
    if (event.kind === 'function')
      return isQuietLook(event.line) || isWellRegion(event.line) || isHeardBeat(event.line);
    if (event.kind !== 'access') return false;
    const { path, routeKey, status } = readFields(event.line) ?? {};
    if (status !== '200') return false;
    // The log of an HTTP API has no path.
    const asked = typeof routeKey === 'string' ? routeKey.replace(/^\S+ /, '') : path;
    return typeof asked === 'string' && routes.has(asked);
  };
}

/** A look of the latch that found traffic where it belongs: one a minute. */
function isQuietLook(line: string): boolean {
  return line.includes('"TrafficHeld":0') && line.includes('"outcome":"not moved"');
}

/** A look that found the other region well. */
function isWellRegion(line: string): boolean {
  return line.includes('"OtherRegionIll":0') && line.includes('"outcome":"well"');
}

/** A heartbeat of a region that hears the other's: that one comes late is told by an alarm. */
function isHeardBeat(line: string): boolean {
  return line.includes('"HeartbeatAge":') && line.includes('"outcome":"heard"}');
}
