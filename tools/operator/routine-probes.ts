import type { RuntimeStatus } from '../local/control/protocol.ts';
import type { RuntimeEvent } from '../local/runtime-log.ts';
import { readFields } from './log-fields.ts';

/**
 * Tells access log lines of health checks that succeed from all others: there are several every few seconds, and they would bury what a
 * developer looks for. `--log-format json` and the control endpoint have them all the same.
 */
export function routineProbes({ regions }: Pick<RuntimeStatus, 'regions'>): (event: RuntimeEvent) => boolean {
  const checks = [...regions.primary.healthChecks, ...regions.secondary.healthChecks];
  const paths = new Set<unknown>(checks.map(({ resourcePath }) => resourcePath.split('?', 1)[0]));
  return (event) => {
    if (event.kind !== 'access') return false;
    const { path, status } = readFields(event.line) ?? {};
    return status === '200' && paths.has(path);
  };
}
