import type { RouteDocument } from '#contract/route-document.ts';
import { type KeepAwayPorts, keepAway } from '#functions/route-latch/keep-away.ts';

/** What one observer says of the other region; `unknown`: it could not look, which counts for nothing. */
export type Verdict = 'ill' | 'unknown' | 'well';

/** Who looks at the other region. */
export interface Observers {
  /** Asks the region's own names for its data, and this region's CloudWatch whether journeys fail there; no response is `ill`. */
  readonly probe: () => Promise<Verdict>;
  /** Asks the public names for data, where they lead to the other region; no response is `unknown`: it may be this region that is cut off. */
  readonly publicNames: () => Promise<Verdict>;
  /** Asks the other region's CloudWatch for the alarms that say "sick". */
  readonly alarms: () => Promise<Verdict>;
}

export interface JudgePorts extends KeepAwayPorts {
  readonly observers: Observers;
  /** Whether this region's own names respond with data, and no journey is known to fail at them. */
  readonly isWellHere: () => Promise<boolean>;
  /** Since when the alarm stands that counts the verdicts of several looks. undefined: it does not. */
  readonly alarmSince: () => Promise<Date | undefined>;
  /** `watch` only says what it would do. */
  readonly mode: 'automatic' | 'watch';
}

export interface Judgement {
  readonly outcome:
    | 'alone'
    | 'away already'
    | 'changed meanwhile'
    | 'kept away from here'
    | 'let go'
    | 'not for long enough'
    | 'not well here'
    | 'now away'
    | 'well'
    | 'would move';
  /** Two of the three say so. */
  readonly isIll: boolean;
  readonly verdicts: Readonly<Record<keyof Observers, Verdict>>;
}

const ENOUGH = 2;

/**
 * Judges the other region by three observers, of which two must say that it is ill, in several looks: how many, an alarm counts. Then this region, if
 * it is well itself, writes that traffic keeps away from the other one: faults that health checks do not see move traffic so. What an operator has let
 * go since the alarm went off stays there.
 *
 * A region that this one alone cannot reach is not ill: its probe is one observer, and the others say nothing.
 */
export async function judgeRegion(ports: JudgePorts): Promise<Judgement> {
  const { observers, own, isWellHere, alarmSince, mode } = ports;
  const [probe, publicNames, alarms] = await Promise.all([
    observers.probe(),
    observers.publicNames(),
    observers.alarms(),
  ]);
  const verdicts = { probe, publicNames, alarms };
  const ill = Object.values(verdicts).filter((verdict) => verdict === 'ill').length;
  const isIll = ill >= ENOUGH;
  const judged = (outcome: Judgement['outcome']) => ({ outcome, isIll, verdicts });
  const { document, version } = await own.read();
  if (document?.route === 'away') return judged('away already');
  if (!isIll) return judged(ill > 0 ? 'alone' : 'well');
  if (!(await isWellHere())) return judged('not well here');
  const since = await alarmSince();
  if (since === undefined) return judged('not for long enough');
  if (document?.since !== undefined && new Date(document.since) > since) return judged('let go');
  if (mode === 'watch') return judged('would move');
  const outcome = await keepAway(ports, movedBy(verdicts, ports.now()), version);
  return judged(outcome === 'written' ? 'now away' : outcome);
}

function movedBy(verdicts: Judgement['verdicts'], now: Date): RouteDocument {
  const names = { probe: 'its own names', publicNames: 'the public names', alarms: 'its alarms' };
  const saying = Object.entries(names).flatMap(([observer, name]) =>
    Object.entries(verdicts).some(([each, verdict]) => each === observer && verdict === 'ill') ? name : [],
  );
  return { route: 'away', since: now.toISOString(), by: 'health', reason: `Ill by ${saying.join(' and ')}.` };
}
