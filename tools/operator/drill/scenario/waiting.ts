import { setTimeout as sleep } from 'node:timers/promises';
import type { RuntimeStatus } from '#local/control/protocol.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { DrillPlace } from '#operator/drill/drill-place.ts';

const POLL_MILLISECONDS = 150;
/** However fast time runs, this machine may be busy. */
const LEAST_PATIENCE_MILLISECONDS = 30_000;

/** Waits of one drill, which Ctrl-C ends. */
export interface Waiting {
  /** @param seconds - of AWS's time @param atLeast - milliseconds of this machine's */
  pause(seconds: number, atLeast?: number): Promise<void>;
  /**
   * Looks until it is so, half as long again as it should take.
   *
   * @param seconds - of AWS's time
   * @returns when it was so; undefined where patience ended before
   */
  until(condition: () => Promise<boolean>, seconds: number): Promise<number | undefined>;
}

/** @throws AbortError from each wait when the signal comes */
export function waitingOf({ timeScale }: Pick<DrillPlace, 'timeScale'>, signal: AbortSignal): Waiting {
  return {
    pause: async (seconds, atLeast = 0) => {
      await sleep(Math.max(atLeast, (seconds * 1000) / timeScale), undefined, { signal });
    },
    until: async (condition, seconds) => {
      const deadline = Date.now() + (seconds * 1500) / timeScale + LEAST_PATIENCE_MILLISECONDS;
      while (Date.now() < deadline) {
        if (await condition()) return Date.now();
        await sleep(POLL_MILLISECONDS, undefined, { signal });
      }
      return undefined;
    },
  };
}

/** Whether all health checks of both regions are healthy. */
export function isHealthy({ regions }: RuntimeStatus): boolean {
  return [regions.primary, regions.secondary].every(({ healthChecks }) =>
    healthChecks.every(({ status }) => status === 'healthy'),
  );
}

/** Whether every name leads new connections to the primary region. */
export function isAtHome({ entries }: RuntimeStatus): boolean {
  return entries.every(({ region }) => region === 'primary');
}

/** When a failover was noticed, when Route 53 answered anew, and when clients' caches had followed; times are milliseconds since the epoch. */
export function failoverIn(
  events: readonly RuntimeEvent[],
  checks: readonly string[],
  names: readonly string[],
): { readonly noticed?: number; readonly dns?: number; readonly moved?: number } {
  const noticed = checks.map((check) =>
    events.find((event) => event.kind === 'health' && event.healthCheck === check && event.status === 'unhealthy'),
  );
  const answers = events.filter(
    (event) => event.kind === 'dns' && event.to === 'secondary' && names.includes(event.name),
  );
  const moves = events.filter((event) => event.kind === 'entry' && event.to === 'secondary');
  if (noticed.length === 0 || noticed.includes(undefined)) return {};
  const last = (some: readonly (RuntimeEvent | undefined)[]) => Math.max(...some.map((event) => event?.time ?? 0));
  return {
    noticed: last(noticed),
    ...(answers.length > 0 && { dns: last(answers) }),
    ...(answers.length > 0 && moves.length >= answers.length && { moved: last(moves) }),
  };
}
