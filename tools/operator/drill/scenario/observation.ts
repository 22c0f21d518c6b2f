import type { LocalAlarms } from '#local/control/protocol.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { PredictedFailure } from '#local/failure/failure-schema.ts';
import type { Comparison } from '#operator/drill/load/compare-kept.ts';
import type { StaleRead } from '#operator/drill/load/ledger.ts';
import type { Sent } from '#operator/drill/load/load.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';

/** When something was done or seen: milliseconds since the epoch. What did not happen is left out. */
export interface Marks {
  begun: number;
  fault?: number;
  /** All health checks that were to notice had. */
  noticed?: number;
  /** Route 53's answer for the last of the names had changed. */
  dns?: number;
  /** The last of the names led new connections to the other region. */
  moved?: number;
  /** Traffic was held where it had gone, so that it would not come back by itself. */
  held?: number;
  /** What failed responded again. */
  recovered?: number;
  /** All health checks were healthy again. */
  healthy?: number;
  /** Both regions held every write that had been acknowledged by then. */
  level?: number;
  /** Traffic was let go back, or began to come by itself. */
  routedBack?: number;
  /** All names led to the primary region again. */
  returned?: number;
  ended?: number;
}

/** What operators were told at one moment. */
export interface ShownStatus {
  readonly moment: string;
  readonly at: number;
  /** What `two-region status` found not to be as it should. */
  readonly lines: readonly string[];
}

/** All that was seen of one scenario. */
export interface Observation {
  readonly scenario: Scenario;
  readonly timeScale: number;
  /** What moved is known by the public name alone, not by Route 53's own events, and responses do not say which region gave them. @default false */
  readonly isFromOutside?: boolean;
  /** Requests per second at the public names. */
  readonly perSecond: number;
  /** Whether traffic was to go to the other region. */
  readonly moves: boolean;
  /** Of the health checks for the failure. @default - nothing fails */
  readonly prediction?: PredictedFailure;
  /** Seconds of this run that the return of traffic was predicted to take, once it was let back; `null`: it was not. */
  readonly predictedReturn: { readonly atLeast: number; readonly atMost: number } | null;
  readonly failback: 'automatic' | 'manual';
  readonly marks: Marks;
  readonly sent: readonly Sent[];
  /** Of health checks, DNS and entries. */
  readonly events: readonly RuntimeEvent[];
  readonly comparison: Comparison;
  readonly stale: readonly StaleRead[];
  /** How far back the other region lacked acknowledged writes when traffic came there, in seconds. @default - traffic did not move */
  readonly lackedSeconds?: number;
  readonly alarms: LocalAlarms['changes'];
  readonly status: readonly ShownStatus[];
}
