import type { HealthCheck } from '../model/model.ts';
import type { RuntimeLog } from '../runtime-log.ts';
import type { Service } from '../service.ts';
import { type Observation, probe } from './probe.ts';

export type HealthStatus = 'healthy' | 'unhealthy';

/** What a health check says, and why. */
export interface HealthState {
  readonly status: HealthStatus;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The last probe's result; `no probe yet` at first. */
  readonly reason: string;
}

export interface HealthChecks extends Service {
  /** @returns undefined for an id that no check has */
  status(id: string): HealthState | undefined;
  /** @returns a function that ends the subscription */
  onChange(listener: (id: string, state: HealthState) => void): () => void;
}

export interface HealthChecksOptions {
  readonly checks: readonly HealthCheck[];
  /** Where a check's domain name is served; undefined: it doesn't resolve, which is a failure. */
  readonly resolve: (fqdn: string) => { readonly host: string; readonly port: number } | undefined;
  /** 10: intervals and timeouts are a tenth. */
  readonly timeScale: number;
  readonly log: RuntimeLog;
}

/** Route 53's limits: "How Route 53 determines whether a health check is healthy", HTTP and HTTPS checks. */
const CONNECT_MILLISECONDS = 4000;
const ANSWER_MILLISECONDS = 2000;
/** However fast time runs, a busy machine gets this long, or health would flap. */
const SHORTEST_TIMEOUT_MILLISECONDS = 1000;

/**
 * Starts one checker per health check. The first probe comes one interval after the start, each further one an interval after the
 * last answer, and the status changes after `failureThreshold` equal results in a row. A check starts out healthy (inverted: unhealthy).
 */
export function startHealthChecks({ checks, resolve, timeScale, log }: HealthChecksOptions): HealthChecks {
  const states = new Map<string, HealthState>();
  const listeners = new Set<(id: string, state: HealthState) => void>();
  const timers = new Map<string, NodeJS.Timeout>();
  const end = new AbortController();
  const scaled = (milliseconds: number) => Math.max(milliseconds / timeScale, SHORTEST_TIMEOUT_MILLISECONDS);

  const observe = (check: HealthCheck): Promise<Observation> => {
    const address = resolve(check.fqdn);
    if (!address) return Promise.resolve({ success: false, reason: `${check.fqdn} does not resolve` });
    return probe(
      {
        ...address,
        path: check.resourcePath || '/',
        hostHeader: check.fqdn,
        connectMilliseconds: scaled(CONNECT_MILLISECONDS),
        answerMilliseconds: scaled(ANSWER_MILLISECONDS),
      },
      end.signal,
    );
  };

  const start = (check: HealthCheck) => {
    let up = true;
    let different = 0;
    states.set(check.id, { status: statusOf(check, up), since: Date.now(), reason: 'no probe yet' });
    const record = ({ success, reason }: Observation) => {
      different = success === up ? 0 : different + 1;
      const changed = different >= check.failureThreshold;
      if (changed) {
        up = success;
        different = 0;
      }
      const state = {
        status: statusOf(check, up),
        since: changed ? Date.now() : (states.get(check.id)?.since ?? Date.now()),
        reason,
      };
      states.set(check.id, state);
      if (!changed) return;
      log.write({ kind: 'health', time: state.since, healthCheck: check.name, status: state.status, reason });
      for (const listener of listeners) listener(check.id, state);
    };
    const next = () => {
      const timer = setTimeout(
        async () => {
          const observation = await observe(check);
          if (end.signal.aborted) return;
          record(observation);
          next();
        },
        (check.requestIntervalSeconds * 1000) / timeScale,
      );
      timers.set(check.id, timer);
    };
    next();
  };

  checks.forEach(start);
  return {
    status: (id) => states.get(id),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      end.abort();
      timers.forEach((timer) => {
        clearTimeout(timer);
      });
    },
  };
}

function statusOf(check: HealthCheck, up: boolean): HealthStatus {
  return up !== check.inverted ? 'healthy' : 'unhealthy';
}
