import { KEPT_SECONDS } from '#operator/drill/drill-place.ts';
import type { Sent } from '#operator/drill/load/load.ts';
import { inflict } from './inflict.ts';
import type { Observation } from './observation.ts';
import { lackedIn } from './reading-back.ts';
import { ALARM_SECONDS, LEAST_PHASE_MILLISECONDS, load, look, type Run } from './run.ts';
import { failoverIn } from './waiting.ts';

/** Seconds of AWS's time. */
const AFTERWARDS_SECONDS = 20;
const LATCH_SECONDS = 120;

/** From the fault until everything that follows of it has been seen. */
export async function underFault(run: Run): Promise<Pick<Observation, 'lackedSeconds' | 'moves' | 'prediction'>> {
  const { place, scenario, options, marks, waiting, sent } = run;
  const { control } = place;
  options.onPhase(scenario.done);
  marks.fault = Date.now();
  const onSent = (each: Sent) => void sent.push(each);
  const { prediction, course } = await inflict(place, scenario, { signal: options.signal, onSent });
  const moves = scenario.traffic === 'moves' || (scenario.traffic === 'as predicted' && prediction?.noticed === true);
  const rest = { moves, ...(prediction && { prediction }) };
  if (!moves || prediction?.noticed !== true) {
    await staying(run, course);
    await look(run, 'during the fault');
    return { ...rest, moves };
  }
  options.onPhase(`waiting for the health checks and DNS (at most ${Math.round(prediction.recovery.atMost)} s)`);
  const { entries } = await control.status();
  const names = entries.map(({ name }) => name);
  const hasMoved = async () => {
    const events = await control.events({ kinds: ['health', 'dns', 'entry'], since: marks.fault ?? 0 });
    Object.assign(marks, failoverIn(events, prediction.checks, names));
    return marks.moved !== undefined;
  };
  await waiting.until(hasMoved, prediction.recovery.atMost * place.timeScale);
  const lackedSeconds = marks.moved === undefined ? undefined : await lackedIn(run);
  options.onPhase('waiting for connections that are kept alive');
  const keptSeconds = prediction.fault === 'refused' ? AFTERWARDS_SECONDS : KEPT_SECONDS + AFTERWARDS_SECONDS;
  await waiting.pause(keptSeconds, LEAST_PHASE_MILLISECONDS);
  if (place.context.settings.failback === 'manual' && marks.moved !== undefined) {
    options.onPhase('waiting until traffic is held where it has gone');
    const isHeld = async () => (await place.route.stores.secondary.read()).document.route === 'away';
    const held = await waiting.until(isHeld, LATCH_SECONDS);
    if (held !== undefined) marks.held = held;
  }
  await look(run, 'during the fault');
  return { ...rest, ...(lackedSeconds !== undefined && { lackedSeconds }) };
}

/** Nothing moves: long enough that a failover would have come and an alarm could tell. */
async function staying(run: Run, course: () => Promise<void>): Promise<void> {
  const { place, scenario, options, waiting, marks } = run;
  const { control, timeScale } = place;
  const { predicted } = await control.status();
  await course();
  if (scenario.fault.kind === 'flap' || scenario.fault.kind === 'overload') return;
  const longest = predicted.dropped.notice.atMost * timeScale * 1.5;
  if (scenario.fault.kind === 'partition') {
    options.onPhase('both regions run on by themselves');
    const other = load(run, 'secondary', options.perSecond / 4);
    await waiting.pause(ALARM_SECONDS, LEAST_PHASE_MILLISECONDS).finally(() => other.stop());
    return;
  }
  await waiting.pause(longest, LEAST_PHASE_MILLISECONDS);
  if (scenario.alarms !== 'told') return;
  options.onPhase('waiting for an alarm, as nothing else tells');
  await waiting.until(async () => {
    const { alarms } = await control.alarms();
    return alarms.some(({ state, since }) => state === 'ALARM' && since >= (marks.fault ?? 0));
  }, ALARM_SECONDS);
}
