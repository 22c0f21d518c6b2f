import type { DrillPlace } from '#operator/drill/drill-place.ts';
import type { Ledger } from '#operator/drill/load/ledger.ts';
import { type Connection, type Load, type Sent, startLoad } from '#operator/drill/load/load.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import type { Marks, Observation, ShownStatus } from './observation.ts';
import type { Waiting } from './waiting.ts';

/** Seconds of AWS's time: alarms look at 3 of 5 minutes. */
export const ALARM_SECONDS = 300;
/** Of this machine: however fast time runs, some requests belong to each phase. */
export const LEAST_PHASE_MILLISECONDS = 1000;

export interface ScenarioOptions {
  readonly perSecond: number;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onPhase: (text: string) => void;
}

/** What one run shares. */
export interface Run {
  readonly place: DrillPlace;
  readonly scenario: Scenario;
  readonly options: ScenarioOptions;
  readonly ledger: Ledger;
  readonly sent: Sent[];
  readonly marks: Marks;
  readonly waiting: Waiting;
  readonly status: ShownStatus[];
  predictedReturn: Observation['predictedReturn'];
}

/** Begins a load whose requests become part of the run. */
export function load(
  {
    place,
    ledger,
    sent,
  }: Pick<Run, 'ledger' | 'sent'> & { readonly place: Pick<DrillPlace, 'senderFor' | 'slowMilliseconds' | 'traffic'> },
  connection: Connection,
  perSecond: number,
): Load {
  return startLoad({
    traffic: place.traffic,
    ledger,
    connection,
    send: place.senderFor(connection),
    perSecond,
    slowMilliseconds: place.slowMilliseconds,
    onSent: (each) => void sent.push(each),
  });
}

/** What operators are told now becomes part of the run. */
export async function look({ place, status }: Run, moment: string): Promise<void> {
  const { disagreements } = await readLocalStatus(place.context, place.control);
  status.push({ moment, at: Date.now(), lines: disagreements });
}
