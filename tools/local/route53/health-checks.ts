import { isDeepStrictEqual } from 'node:util';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import type { HealthCheck, LocalModel } from '#local/model/model.ts';
import { type Observation, probe } from './probe.ts';

type HealthStatus = 'healthy' | 'unhealthy';

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
  /**
   * Changes the checks as `UpdateHealthCheck` does: one whose id stays keeps its verdict, and counts anew what it sees from now on. New ones
   * start, those that are no longer there end.
   */
  update(checks: readonly HealthCheck[]): void;
  /** @returns a function that ends the subscription */
  onChange(listener: (id: string, state: HealthState) => void): () => void;
}

interface HealthChecksOptions {
  readonly checks: readonly HealthCheck[];
  /** Where a check's domain name is served; undefined: it doesn't resolve, which is a failure. */
  readonly resolve: (fqdn: string) => { readonly host: string; readonly port: number } | undefined;
  /** 10: intervals and timeouts are a tenth. */
  readonly timeScale: number;
  readonly log: RuntimeLog;
}

interface Checker {
  check: HealthCheck;
  /** Its verdict on the endpoint. */
  up: boolean;
  /** Results in a row that speak against the verdict. */
  different: number;
  since: number;
  reason: string;
  timer: NodeJS.Timeout | undefined;
}

/** Route 53's limits: "How Route 53 determines whether a health check is healthy", HTTP and HTTPS checks. */
const CONNECT_MILLISECONDS = 4000;
const ANSWER_MILLISECONDS = 2000;
/** However fast time runs, a busy machine gets this long, or health would flap. */
const SHORTEST_TIMEOUT_MILLISECONDS = 1000;

/**
 * Starts one checker per health check. The first probe comes one interval after the start, each further one an interval after the
 * last response, and the status changes after `failureThreshold` equal results in a row. A check starts out healthy (inverted: unhealthy).
 */
export function startHealthChecks({ checks, resolve, timeScale, log }: HealthChecksOptions): HealthChecks {
  const checkers = new Map<string, Checker>();
  const listeners = new Set<(id: string, state: HealthState) => void>();
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

  const record = (checker: Checker, { success, reason }: Observation) => {
    const { check } = checker;
    checker.reason = reason;
    checker.different = success === checker.up ? 0 : checker.different + 1;
    if (checker.different < check.failureThreshold) return;
    checker.up = success;
    checker.different = 0;
    checker.since = Date.now();
    const state = stateOf(checker);
    log.write({ kind: 'health', time: state.since, healthCheck: check.name, status: state.status, reason });
    for (const listener of listeners) listener(check.id, state);
  };

  const schedule = (checker: Checker) => {
    const { check } = checker;
    const ask = async () => {
      const asked = checker.check;
      const observation = await observe(asked);
      if (end.signal.aborted || checkers.get(asked.id) !== checker) return;
      // What the check was before an update says nothing of what it is now.
      if (checker.check === asked) record(checker, observation);
      schedule(checker);
    };
    checker.timer = setTimeout(ask, (check.requestIntervalSeconds * 1000) / timeScale);
  };

  const start = (check: HealthCheck) => {
    const checker = { check, up: true, different: 0, since: Date.now(), reason: 'no probe yet', timer: undefined };
    checkers.set(check.id, checker);
    schedule(checker);
  };

  const update = (next: readonly HealthCheck[]) => {
    for (const [id, { timer }] of checkers) {
      if (next.some((check) => check.id === id)) continue;
      clearTimeout(timer);
      checkers.delete(id);
    }
    for (const check of next) {
      const checker = checkers.get(check.id);
      if (!checker) start(check);
      else if (!isDeepStrictEqual(checker.check, check)) Object.assign(checker, { check, different: 0 });
    }
  };

  update(checks);
  return {
    status: (id) => {
      const checker = checkers.get(id);
      return checker && stateOf(checker);
    },
    update,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      end.abort();
      for (const { timer } of checkers.values()) clearTimeout(timer);
    },
  };
}

function stateOf({ check, up, since, reason }: Checker): HealthState {
  return { status: up !== check.inverted ? 'healthy' : 'unhealthy', since, reason };
}

/** The longest that a failover takes. Seconds. */
interface PredictedRecovery {
  /** Interval × threshold: until the health check has noticed. */
  readonly noticeSeconds: number;
  /** Until the last resolver has forgotten the answer from before. */
  readonly ttlSeconds: number;
  /** Their sum. */
  readonly recoverySeconds: number;
}

/** Of the slowest name, at the pace of this run. Names without a health check don't fail over. */
export function predictRecovery({ healthChecks, records }: LocalModel['dns'], timeScale: number): PredictedRecovery {
  const checked = records.flatMap(({ failover, healthCheckId, ttlSeconds }) => {
    const check = failover === 'PRIMARY' && healthChecks.find(({ id }) => id === healthCheckId);
    return check ? [{ notice: check.requestIntervalSeconds * check.failureThreshold, ttl: ttlSeconds }] : [];
  });
  const notice = Math.max(0, ...checked.map((record) => record.notice)) / timeScale;
  const ttl = Math.max(0, ...checked.map((record) => record.ttl)) / timeScale;
  return { noticeSeconds: notice, ttlSeconds: ttl, recoverySeconds: notice + ttl };
}
