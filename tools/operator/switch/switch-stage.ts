import { errorReason } from '#functions/error-reason.ts';
import { JournalWriter } from '#operator/journal/journal-writer.ts';
import { canaryOf, isWatched, type SwitchRecord } from '#operator/journal/switch-journal.ts';
import { waysOut } from '#operator/journal/unfinished.ts';
import { underLocks } from '#operator/lock/hold-lock.ts';
import { addCatchUp, type CatchUpItem, describeCatchUp, removeCatchUp } from '#operator/regions/catch-up.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import type { RegionType } from '#stacks/context.ts';
import { type Baked, bake } from './canary/bake.ts';
import { requireKnown } from './decide-switch.ts';
import { endWatch, transaction } from './end-watch.ts';
import { prepare, type SwitchHooks } from './prepare-switch.ts';
import {
  reportedSteps,
  type SwitchPlace,
  type SwitchReport,
  type SwitchRequest,
  targetsAfter,
} from './switch-ports.ts';
import { goForward, putBack, type Transaction } from './transaction.ts';
import { watchRegion } from './watch-region.ts';

/**
 * Moves live traffic from one environment to another: the standby region, the other one, routing, each verified before the next. With a stagger
 * the first region is watched before the other one follows; with a canary the old environment's aliases run the new versions for a share before
 * anything moves; no lock is held meanwhile, and whoever wants to can end it. Whatever fails, what was
 * moved is put back. Every step stands in the journal before it is begun, so that a command that was killed can be resumed or reverted.
 *
 * @returns what became of it, also when it failed and was put back
 * @throws RefusedError, TargetDisagreementError, CancelledError, LostLockError: nothing was changed
 */
export async function switchStage(
  place: SwitchPlace,
  request: SwitchRequest,
  hooks: SwitchHooks,
): Promise<SwitchReport> {
  const start = performance.now();
  requireKnown(place, request);
  const reportOf = (skipped: number) => (outcome: SwitchReport['outcome'], now: SwitchRecord, problem?: string) => ({
    stage: place.stage,
    from: now.from,
    to: now.to,
    outcome,
    seconds: Math.round(performance.now() - start) / 1000,
    steps: reportedSteps(now, skipped),
    ...(problem !== undefined && { problem: outcome === 'stuck' ? `${problem}\n${waysOut(place, now)}` : problem }),
    ...(outcome === 'stuck' && { targets: targetsAfter(now) }),
  });
  const begun = await underLocks(place.locks, hooks, async (lock) => {
    await place.requireUsable();
    const journal = await place.journal.read();
    const { record, direction, watchSeconds, bakeSeconds } = await prepare(place, journal, request, hooks);
    const report = reportOf(record.steps.length);
    if (record.from === record.to) return { report, ended: report('unchanged', record) };
    const writer = new JournalWriter(place.journal, journal, record, hooks.now ?? Date.now);
    const seconds = watchSeconds !== undefined && { watchSeconds: watchSeconds / place.timeScale };
    const baked = bakeSeconds !== undefined && { bakeSeconds: bakeSeconds / place.timeScale };
    const run: Transaction = { ...transaction(place, hooks, writer, lock), ...seconds, ...baked };
    // A question may have stood unanswered for longer than the lock lasts.
    await lock.renew();
    if (isWatched(record)) await writer.endStep('done');
    const lacking = await writeCatchUp(place, record, direction);
    await writer.begin();
    const { outcome, problem } = direction === 'forward' ? await goForward(run) : await putBack(run);
    if (outcome !== 'watched') {
      const left = await lackingAfter(place, lacking, direction, outcome);
      return { report, ended: { ...report(outcome, writer.record, problem), ...left } };
    }
    return {
      report,
      watching: { record: writer.record, seconds: bakeSeconds ?? watchSeconds ?? 0, formerToken: lock.token },
    };
  });
  if (begun.watching === undefined) return begun.ended;
  const { record, seconds, formerToken } = begun.watching;
  try {
    const { ending, comparison } = await watch(place, hooks, record, seconds);
    const report = await endWatch(place, { ...hooks, formerToken }, record, ending, begun.report);
    return { ...report, ...(comparison && { comparison }) };
  } catch (error) {
    return begun.report('stuck', record, errorReason(error));
  }
}

/** What the region that is left out will lack stands where it can be read before anything is moved. */
async function writeCatchUp(
  { without, catchUp }: SwitchPlace,
  { from, to, steps }: SwitchRecord,
  direction: 'back' | 'forward',
): Promise<CatchUpItem | undefined> {
  if (without === undefined) return undefined;
  const wasMoved = steps.some(({ subject }) => subject === `entry-${without}`);
  if (direction === 'back' && !wasMoved) return undefined;
  const environment = direction === 'forward' ? to : from;
  const what = `its public names are to lead to ${environment}`;
  return addCatchUp(catchUp, without, { kind: 'target', environment, what });
}

async function lackingAfter(
  { without, catchUp }: SwitchPlace,
  lacking: CatchUpItem | undefined,
  direction: 'back' | 'forward',
  outcome: 'done' | 'reverted' | 'stuck',
): Promise<Pick<SwitchReport, 'catchUp' | 'without'>> {
  if (without === undefined) {
    if (outcome !== 'done') return {};
    // Both regions lead to the same environment from now on.
    const level = (regionType: RegionType) => removeCatchUp(catchUp, regionType, ({ kind }) => kind === 'target');
    await Promise.all(REGION_TYPES.map((regionType) => level(regionType).catch(() => undefined)));
    return {};
  }
  const cameToNothing = direction === 'forward' && outcome === 'reverted';
  // What stays written although it came to nothing is found to be level by status.
  if (lacking && cameToNothing)
    await removeCatchUp(catchUp, without, ({ id }) => id === lacking.id).catch(() => undefined);
  const items = await catchUp.read(without).catch(() => (lacking ? [lacking] : []));
  return { without, ...(items.length > 0 && { catchUp: describeCatchUp(without, items) }) };
}

async function watch(
  place: SwitchPlace,
  { onWatch, signal }: SwitchHooks,
  record: SwitchRecord,
  seconds: number,
): Promise<Baked> {
  const options = { place, record, seconds, ...(signal && { signal }), ...(onWatch && { onLook: onWatch }) };
  return canaryOf(record) === undefined ? { ending: await watchRegion(options) } : bake(options);
}
