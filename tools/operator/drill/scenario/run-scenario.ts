import type { DrillPlace } from '#operator/drill/drill-place.ts';
import { createLedger } from '#operator/drill/load/ledger.ts';
import type { Load } from '#operator/drill/load/load.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';
import { DNS_TTL_SECONDS } from '#operator/route/move-route.ts';
import { endFaults } from './inflict.ts';
import type { Observation } from './observation.ts';
import { compare, untilLevel } from './reading-back.ts';
import { letReturn, restore } from './restore.ts';
import { ALARM_SECONDS, LEAST_PHASE_MILLISECONDS, load, look, type Run, type ScenarioOptions } from './run.ts';
import { underFault } from './under-fault.ts';
import { isAtHome, isHealthy, waitingOf } from './waiting.ts';

/** Seconds of AWS's time. */
const BASELINE_SECONDS = 20;
const AFTERWARDS_SECONDS = 20;
/** Of this machine, in which every request is served in time before anything is measured. */
const CALM_MILLISECONDS = 1500;

/**
 * Runs one scenario under load: a quiet beginning, the fault, what follows of it, recovery and return of traffic; then reads every acknowledged write
 * back in both regions. Whatever happens, what it broke is mended before it returns or throws.
 *
 * @throws AbortError after Ctrl-C; whatever the runtime refuses
 */
export async function runScenario(
  place: DrillPlace,
  scenario: Scenario,
  options: ScenarioOptions,
): Promise<Observation> {
  const run: Run = {
    place,
    scenario,
    options,
    ledger: createLedger(),
    sent: [],
    marks: { begun: Date.now() },
    waiting: waitingOf(place, options.signal),
    status: [],
    predictedReturn: null,
  };
  const loads = (['new', 'kept'] as const).map((connection) => load(run, connection, options.perSecond / 2));
  const observed = observe(run, loads);
  // Nobody waits for it any more, once it is broken off.
  observed.catch(() => undefined);
  try {
    return await Promise.race([observed, interruption(options.signal)]);
  } finally {
    await stop(loads);
    options.onPhase('putting everything back');
    await restore(place);
  }
}

/** Rejects when the signal comes, whatever is waited for then. */
function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function observe(run: Run, loads: readonly Load[]): Promise<Observation> {
  const { place, scenario, options, marks, sent, ledger, waiting } = run;
  const { control, context, timeScale } = place;
  const { failback } = context.settings;
  options.onPhase('load on both kinds of connections, until it is served without a failure');
  await Promise.all([untilCalm(run), alarmsKnow(run)]);
  sent.length = 0;
  marks.begun = Date.now();
  options.onPhase('load, and nothing fails yet');
  await waiting.pause(BASELINE_SECONDS, LEAST_PHASE_MILLISECONDS);
  const fault = await underFault(run);
  options.onPhase('what failed responds again');
  await endFaults(place);
  marks.recovered = Date.now();
  const healthy = await waiting.until(async () => isHealthy(await control.status()), ALARM_SECONDS);
  if (healthy !== undefined) marks.healthy = healthy;
  options.onPhase('reading back, in both regions, what was acknowledged');
  const stays = fault.moves && failback === 'manual' ? DNS_TTL_SECONDS : 0;
  // As long as traffic would take to come back, if nothing held it.
  await Promise.all([waiting.pause(stays), untilLevel(run)]);
  if (fault.moves) await letTrafficReturn(run);
  await waiting.pause(AFTERWARDS_SECONDS, LEAST_PHASE_MILLISECONDS);
  await stop(loads);
  marks.ended = Date.now();
  options.onPhase('reading back everything once more');
  await untilLevel(run);
  const comparison = await compare(run, ledger.items);
  await look(run, 'at the end');
  const events = await control.events({ kinds: ['health', 'dns', 'entry'], since: marks.begun });
  const alarms = (await control.alarms()).changes.filter(({ since }) => since >= marks.begun);
  return {
    scenario,
    timeScale,
    perSecond: options.perSecond,
    ...fault,
    predictedReturn: run.predictedReturn,
    failback,
    marks,
    sent: sent.filter(({ at }) => at >= marks.begun),
    events,
    comparison,
    stale: ledger.stale,
    alarms,
    status: run.status,
  };
}

/** Functions start, and connections are made: what that takes is no part of what is measured. */
async function untilCalm({ waiting, sent, marks }: Run): Promise<void> {
  const isCalm = async () => {
    const ended = sent.filter(({ at, milliseconds }) => at + milliseconds >= Date.now() - CALM_MILLISECONDS);
    const isLong = Date.now() - marks.begun >= CALM_MILLISECONDS;
    return isLong && ended.length > 0 && ended.every(({ outcome }) => outcome !== 'failed');
  };
  await waiting.until(isCalm, 0);
}

/** Where alarms are part of the verdict they are to have seen some minutes: what they say of the first ones after a start means nothing. */
async function alarmsKnow({ place, scenario, waiting }: Run): Promise<void> {
  if (scenario.alarms === 'any') return;
  const age = ((Date.now() - place.regions.startedAt) / 1000) * place.timeScale;
  await waiting.pause(Math.max(0, ALARM_SECONDS - age));
}

async function letTrafficReturn(run: Run): Promise<void> {
  const { place, options, marks, waiting } = run;
  const { control, context } = place;
  if (context.settings.failback === 'manual') {
    options.onPhase('letting traffic go back');
    const { predicted } = await letReturn(place);
    run.predictedReturn = predicted;
  } else options.onPhase('waiting until traffic is back');
  marks.routedBack = Date.now();
  const returned = await waiting.until(async () => isAtHome(await control.status()), ALARM_SECONDS);
  if (returned !== undefined) marks.returned = returned;
}

async function stop(loads: readonly Load[]): Promise<void> {
  await Promise.all(loads.map((each) => each.stop()));
}
