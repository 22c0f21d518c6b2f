import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, MACHINE_CLOCK } from '#local/clock.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import type { CalculatedCheck, HealthCheck } from '#local/model/model.ts';
import { HEALTHY_SHARE, PLACES, type Place } from './places.ts';
import type { Observation } from './probe.ts';
import { type Endpoint, Prober, type ProberOptions } from './prober.ts';

type HealthStatus = 'healthy' | 'unhealthy';

/** What a health check says, and why. */
export interface HealthState {
  readonly status: HealthStatus;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The last probe's result; `no probe yet` at first. Of a calculated check: how many of its checks are healthy. */
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

export interface HealthChecksOptions extends Pick<ProberOptions, 'ask' | 'clock'> {
  readonly checks: readonly HealthCheck[];
  /** @default none */
  readonly calculatedChecks?: readonly CalculatedCheck[];
  /** undefined: the name doesn't resolve, which is a failure. */
  readonly resolve: (fqdn: string) => Endpoint | undefined;
  /** 10: intervals and timeouts are a tenth. */
  readonly timeScale: number;
  readonly log: RuntimeLog;
  /** Where the probers of each check stand. @default 16 in eight regions */
  readonly places?: readonly Place[];
}

interface Checker {
  readonly check: HealthCheck;
  readonly probers: readonly Prober[];
  /** Its verdict on the endpoint. */
  up: boolean;
  since: number;
  reason: string;
}

/**
 * Starts the probers of each health check: each asks an interval after its last response and changes its mind after `failureThreshold` equal
 * results in a row; their first probes are spread over one interval. The check is healthy while more than 18 % of them say so. A check starts
 * out healthy (inverted: unhealthy). Calculated checks follow at once.
 */
export function startHealthChecks(options: HealthChecksOptions): HealthChecks {
  const { checks, calculatedChecks = [], log, places = PLACES, clock = MACHINE_CLOCK } = options;
  const checkers = new Map<string, Checker>();
  const listeners = new Set<(id: string, state: HealthState) => void>();
  const end = new AbortController();
  // Every probe that is under way listens.
  setMaxListeners(0, end.signal);
  const calculated = createCalculated(calculatedChecks, clock, (id) => {
    const checker = checkers.get(id);
    return checker && stateOf(checker);
  });

  const tell = (id: string, name: string, { status, since, reason }: HealthState) => {
    log.write({ kind: 'health', time: since, healthCheck: name, status, reason });
    for (const listener of listeners) listener(id, { status, since, reason });
  };
  const judge = (checker: Checker, { reason }: Observation) => {
    checker.reason = reason;
    const agreeing = checker.probers.filter(({ up }) => up).length;
    const up = agreeing / checker.probers.length > HEALTHY_SHARE;
    if (up === checker.up) return;
    Object.assign(checker, { up, since: clock.time() });
    tell(checker.check.id, checker.check.name, stateOf(checker));
    for (const { id, name, state } of calculated.changed()) tell(id, name, state);
  };

  const proberOptions: ProberOptions = { ...options, signal: end.signal, shared: new WeakMap() };
  const start = (check: HealthCheck) => {
    const probers = places.map((place, index) => new Prober(check, place, (index + 1) / places.length, proberOptions));
    const checker: Checker = { check, probers, up: true, since: clock.time(), reason: 'no probe yet' };
    checkers.set(check.id, checker);
    for (const prober of probers) prober.start((observation) => judge(current(check.id) ?? checker, observation));
  };
  const current = (id: string) => checkers.get(id);

  const update = (next: readonly HealthCheck[]) => {
    for (const [id, { probers }] of checkers) {
      if (next.some((check) => check.id === id)) continue;
      for (const prober of probers) prober.stop();
      checkers.delete(id);
    }
    for (const check of next) {
      const checker = checkers.get(check.id);
      if (!checker) start(check);
      else if (!isDeepStrictEqual(checker.check, check)) {
        for (const prober of checker.probers) prober.change(check);
        checkers.set(check.id, { ...checker, check });
      }
    }
  };

  update(checks);
  calculated.changed();
  return {
    status: (id) => {
      const checker = checkers.get(id);
      return checker ? stateOf(checker) : calculated.status(id);
    },
    update,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      end.abort();
      for (const { probers } of checkers.values()) for (const prober of probers) prober.stop();
    },
  };
}

function stateOf({ check, up, since, reason }: Checker): HealthState {
  return { status: up !== check.inverted ? 'healthy' : 'unhealthy', since, reason };
}

interface Calculated {
  status(id: string): HealthState | undefined;
  /** Those whose status is another than at the last call. */
  changed(): readonly { readonly id: string; readonly name: string; readonly state: HealthState }[];
}

/** Source: Amazon Route 53 API Reference, "HealthCheckConfig", `HealthThreshold`: 0 is always healthy, more than there are children never. */
function createCalculated(
  checks: readonly CalculatedCheck[],
  clock: Clock,
  endpointState: (id: string) => HealthState | undefined,
): Calculated {
  const known = new Map<string, HealthState>();
  const byId = new Map(checks.map((check) => [check.id, check]));
  const evaluate = (check: CalculatedCheck): HealthState => {
    const states = check.children.map((id) => endpointState(id) ?? evaluated(id));
    const healthy = states.filter((state) => state?.status === 'healthy').length;
    const status = healthy >= check.threshold !== check.inverted ? 'healthy' : 'unhealthy';
    const before = known.get(check.id);
    const since = before?.status === status ? before.since : clock.time();
    return {
      status,
      since,
      reason: `${healthy} of ${states.length} health checks are healthy, ${check.threshold} needed`,
    };
  };
  const evaluated = (id: string): HealthState | undefined => {
    const check = byId.get(id);
    return check && evaluate(check);
  };
  return {
    status: evaluated,
    changed: () =>
      checks.flatMap((check) => {
        const state = evaluate(check);
        const before = known.get(check.id);
        known.set(check.id, state);
        return before?.status === state.status ? [] : [{ id: check.id, name: check.name, state }];
      }),
  };
}
