import { setTimeout as sleep } from 'node:timers/promises';
import { CONTROL_INTERVAL_SECONDS, CONTROL_THRESHOLD } from '#contract/route-document.ts';
import { errorReason } from '#functions/error-reason.ts';
import type { LocalAlarms } from '#local/control/protocol.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type DrillPlace, KEPT_SECONDS } from '#operator/drill/drill-place.ts';
import { createLedger } from '#operator/drill/load/ledger.ts';
import type { Load, Sent } from '#operator/drill/load/load.ts';
import type { Marks, Observation, ShownStatus } from '#operator/drill/scenario/observation.ts';
import { compare, untilLevel } from '#operator/drill/scenario/reading-back.ts';
import { load } from '#operator/drill/scenario/run.ts';
import { waitingOf } from '#operator/drill/scenario/waiting.ts';
import type { AwsScenarioName } from '#operator/drill/scenarios.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { DNS_TTL_SECONDS } from '#operator/route/move-route.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { type DrillRecords, requireNone } from './drill-records.ts';
import type { AwsFault } from './faults.ts';

/** An alarm that is on. */
export type RaisedAlarm = LocalAlarms['changes'][number];

/** How a stage on AWS is, as far as a drill asks. */
export interface StageLook {
  /** What is not as it should be, in sentences. */
  readonly problems: readonly string[];
  /** What could not be asked, in sentences: whether all is well there is not known. */
  readonly unknown: readonly string[];
  /** Names of health checks that are not healthy. */
  readonly unhealthy: readonly string[];
  readonly alarms: readonly RaisedAlarm[];
}

/** A stage on AWS, as a drill needs it. */
export interface AwsDrillPlace extends Pick<DrillPlace, 'regionSender' | 'senderFor' | 'slowMilliseconds' | 'traffic'> {
  readonly context: StageContext;
  readonly look: () => Promise<StageLook>;
  /** Which region the public name is answered by. */
  readonly responding: () => Promise<RegionType | undefined>;
  readonly faultOf: (name: AwsScenarioName) => Promise<AwsFault>;
  readonly records: DrillRecords;
  /** Excludes switches, deploys and other drills. */
  readonly underLock: <T>(work: () => Promise<T>) => Promise<T>;
  /** 1; tests are in a hurry. */
  readonly timeScale: number;
}

interface StageDrillOptions {
  readonly perSecond: number;
  /** How long it lasts, where nothing moves. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly confirm: (fault: AwsFault, until: Date) => Promise<void>;
  readonly onPhase: (text: string) => void;
}

const BASELINE_SECONDS = 20;
const LOOK_SECONDS = 15;
const AFTERWARDS_SECONDS = 20;
/** Checks become healthy, and DNS answers run out. */
const RETURN_SECONDS = 180;
/** What a fault lasts beyond its time at the most, when nobody takes it back. */
const GRACE_SECONDS = 120;
const RESTORES = 5;
const BETWEEN_RESTORES_SECONDS = 3;

/** What a drill broke may still be broken. */
class NotRestoredError extends Error {
  override readonly name = 'NotRestoredError';
  readonly exitCode = ExitCode.Failed;
}

/**
 * Drills one scenario: looks whether all is well, asks, writes down what will have to be taken back, breaks it under load, watches, takes it back whatever
 * happens, and reads back what was acknowledged in both regions.
 *
 * @throws RefusedError, and nothing was changed; AbortError after Ctrl-C, when all is taken back; NotRestoredError
 */
export async function drillStage(
  place: AwsDrillPlace,
  name: AwsScenarioName,
  options: StageDrillOptions,
): Promise<{ readonly observation: Observation; readonly well: readonly string[] }> {
  const { context, records, underLock } = place;
  options.onPhase('looking whether both regions are healthy and no alarm is on');
  const well = await preflight(place);
  const fault = await place.faultOf(name);
  options.signal.throwIfAborted();
  const lasts = name === 'route-away' ? RETURN_SECONDS + KEPT_SECONDS : options.seconds;
  const untilFrom = (time: number) => new Date(time + (BASELINE_SECONDS + lasts + GRACE_SECONDS) * 1000);
  await options.confirm(fault, untilFrom(Date.now()));
  return underLock(async () => {
    requireNone(context.stage, await records.read());
    const until = untilFrom(Date.now());
    const { user, host } = thisCommand();
    await records.write({
      scenario: name,
      region: 'primary',
      ...(fault.role !== undefined && { role: fault.role }),
      who: `${user}@${host}`,
      begun: new Date().toISOString(),
      until: until.toISOString(),
    });
    return { observation: await observe(place, fault, until, options), well };
  });
}

async function preflight({ context, look, responding }: AwsDrillPlace): Promise<readonly string[]> {
  const [{ problems, unknown, unhealthy, alarms }, region] = await Promise.all([look(), responding()]);
  const found = [
    ...problems,
    ...unknown,
    ...unhealthy.map((each) => `The health check ${each} is not healthy.`),
    ...alarms.map((each) => `The alarm ${each.name} is in ALARM in ${each.region}.`),
    ...(region === 'primary'
      ? []
      : [`The public name is answered by ${region ?? 'nobody'}, not by the primary region.`]),
  ];
  if (found.length > 0) {
    throw new RefusedError(
      [
        `A drill begins with both regions healthy and every alarm quiet; nothing was changed:`,
        ...found.map((each) => `- ${each}`),
        `Look first: two-region status ${context.stage}`,
      ].join('\n'),
    );
  }
  return [
    'Both regions are as they should be.',
    'The health checks are healthy.',
    'No alarm is in ALARM.',
    'Traffic goes to the primary region.',
  ];
}

async function observe(
  place: AwsDrillPlace,
  fault: AwsFault,
  until: Date,
  { perSecond, seconds, signal, onPhase }: StageDrillOptions,
): Promise<Observation> {
  const { timeScale, context } = place;
  const waiting = waitingOf(place, signal);
  const seen: Seen = { events: [], alarms: new Map(), status: [] };
  const marks: Marks = { begun: Date.now() };
  const ledger = createLedger();
  const sent: Sent[] = [];
  const run = { place, scenario: fault.scenario, marks, ledger, sent, waiting };
  const loads: readonly Load[] = (['new', 'kept'] as const).map((kind) => load(run, kind, perSecond / 2));
  const moves = fault.scenario.traffic === 'moves';
  let state: 'broken' | 'restored' | 'whole' = 'whole';
  try {
    onPhase('load, and nothing fails yet');
    await waiting.pause(BASELINE_SECONDS);
    onPhase(fault.scenario.done);
    state = 'broken';
    marks.fault = Date.now();
    await fault.inflict(until);
    if (moves) {
      marks.held = Date.now();
      const moved = await waiting.until(async () => (await place.responding()) === 'secondary', MOVE_SECONDS.atMost);
      if (moved !== undefined) marks.moved = moved;
      onPhase('waiting for connections that are kept alive');
      await waiting.pause(KEPT_SECONDS);
      await see(place, seen, 'during the fault');
    } else {
      await watch(place, seen, waiting, seconds);
    }
    onPhase('taking it back');
    await restore(place, fault);
    state = 'restored';
    marks.recovered = Date.now();
    marks.routedBack = marks.recovered;
    const isWell = async () => {
      const region = await place.responding();
      if (region === 'primary') marks.returned ??= Date.now();
      // Whoever does not answer now is asked again: what was seen so far is not thrown away for it.
      const found = await place.look().catch(() => undefined);
      return found?.unhealthy.length === 0 && found.unknown.length === 0 && region === 'primary';
    };
    for (const end = Date.now() + (RETURN_SECONDS * 1000) / timeScale; marks.healthy === undefined; ) {
      if (await isWell()) marks.healthy = Date.now();
      else if (Date.now() > end) break;
      else await waiting.pause(LOOK_SECONDS);
    }
    onPhase('reading back, in both regions, what was acknowledged');
    await untilLevel(run);
    await waiting.pause(AFTERWARDS_SECONDS);
    await Promise.all(loads.map((each) => each.stop()));
    marks.ended = Date.now();
    await untilLevel(run);
    await see(place, seen, 'at the end');
    return {
      scenario: fault.scenario,
      timeScale,
      isFromOutside: true,
      perSecond,
      moves,
      prediction: moves ? MOVE_PREDICTION : UNNOTICED,
      predictedReturn: moves
        ? { atLeast: MOVE_SECONDS.atLeast / timeScale, atMost: MOVE_SECONDS.atMost / timeScale }
        : null,
      failback: moves ? 'manual' : context.settings.failback,
      marks,
      sent,
      events: seen.events,
      comparison: await compare(run, ledger.items),
      stale: ledger.stale,
      alarms: [...seen.alarms.values()].filter(({ since }) => since >= marks.begun),
      status: seen.status,
    };
  } finally {
    // First of all, and whatever becomes of the load: requests to what is broken may take long, and fail.
    try {
      if (state === 'broken') {
        onPhase('taking it back');
        await restore(place, fault);
      } else if (state === 'whole') await place.records.write(undefined);
    } finally {
      // What ended the drill, or could not be taken back, is what the operator must hear, not what a load met in its last requests.
      await Promise.allSettled(loads.map((each) => each.stop()));
    }
  }
}

/** As `route-away` predicts it: the control check's interval and threshold, and the TTL. */
const MOVE_SECONDS = {
  atLeast: CONTROL_INTERVAL_SECONDS * (CONTROL_THRESHOLD - 1),
  atMost: CONTROL_INTERVAL_SECONDS * CONTROL_THRESHOLD + DNS_TTL_SECONDS,
};
const MOVE_PREDICTION: Observation['prediction'] = {
  noticed: true,
  // Who keeps a connection is served on it all the time.
  fault: 'refused',
  checks: [],
  notice: { atLeast: MOVE_SECONDS.atLeast, atMost: CONTROL_INTERVAL_SECONDS * CONTROL_THRESHOLD },
  recovery: MOVE_SECONDS,
};
const UNNOTICED: Observation['prediction'] = {
  noticed: false,
  reason: 'the health routes that are asked use no table',
};

interface Seen {
  readonly events: RuntimeEvent[];
  readonly alarms: Map<string, RaisedAlarm>;
  readonly status: ShownStatus[];
}

/** Looks again and again, for so many seconds. */
async function watch(
  place: AwsDrillPlace,
  seen: Seen,
  { pause }: Pick<ReturnType<typeof waitingOf>, 'pause'>,
  seconds: number,
): Promise<void> {
  const end = Date.now() + (seconds * 1000) / place.timeScale;
  do {
    await pause(LOOK_SECONDS);
    await see(place, seen, 'during the fault');
  } while (Date.now() < end);
}

/** What could not be asked is part of what operators see. */
async function see(place: AwsDrillPlace, { events, alarms, status }: Seen, moment: string): Promise<void> {
  const time = Date.now();
  const [look, region] = await Promise.allSettled([place.look(), place.responding()]);
  if (look.status === 'rejected') {
    status.push({ moment, at: time, lines: [`The stage could not be asked: ${errorReason(look.reason)}`] });
    return;
  }
  const { problems, unknown, unhealthy, alarms: raised } = look.value;
  for (const healthCheck of unhealthy) {
    events.push({ kind: 'health', time, healthCheck, status: 'unhealthy', reason: 'Route 53 says so' });
  }
  if (region.status === 'fulfilled' && region.value === 'secondary') {
    events.push({ kind: 'entry', time, name: 'the public name', from: 'primary', to: 'secondary' });
  }
  for (const each of raised) alarms.set(`${each.region} ${each.name}`, each);
  if (status.at(-1)?.moment !== moment) status.push({ moment, at: time, lines: [...problems, ...unknown] });
}

/** Tries again: nothing is more important now. */
async function restore({ context, records, timeScale }: AwsDrillPlace, fault: AwsFault): Promise<void> {
  let problem: unknown;
  for (let tried = 0; tried < RESTORES; tried++) {
    if (tried > 0) await sleep((BETWEEN_RESTORES_SECONDS * 1000) / timeScale);
    try {
      await fault.restore();
      await records.write(undefined);
      return;
    } catch (error) {
      problem = error;
    }
  }
  throw new NotRestoredError(
    `What the drill broke could not be taken back: ${errorReason(problem)}. Again: two-region drill ${context.stage} --restore`,
    { cause: problem },
  );
}
