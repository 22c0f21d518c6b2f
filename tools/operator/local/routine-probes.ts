import type { RuntimeStatus } from '#local/control/protocol.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { readFields } from './log-line.ts';

/**
 * Tells access log lines of health checks that succeed from all others: there are several every few seconds, and they would bury what a
 * developer looks for. `--log-format json` and the control endpoint have them all the same. The checks ask the target, which may change, so
 * their route counts in every environment.
 */
export function routineProbes({ regions }: Pick<RuntimeStatus, 'regions'>): (event: RuntimeEvent) => boolean {
  const checks = [...regions.primary.healthChecks, ...regions.secondary.healthChecks];
  const routes = new Set(checks.map(({ resourcePath }) => withoutStage(resourcePath.split('?', 1)[0] ?? '')));
  return (event) => {
    if (event.kind !== 'access') return false;
    const { path, status } = readFields(event.line) ?? {};
    if (status !== '200' || typeof path !== 'string') return false;
    return path.startsWith(`/${event.environment}/`) && routes.has(withoutStage(path));
  };
}

/** `/envA/healthcheck` as `/healthcheck`. */
function withoutStage(path: string): string {
  const end = path.indexOf('/', 1);
  return end < 0 ? '' : path.slice(end);
}
