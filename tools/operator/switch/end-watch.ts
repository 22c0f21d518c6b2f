import { errorReason } from '#functions/error-reason.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { JournalWriter } from '#operator/journal/journal-writer.ts';
import { type SwitchRecord, staggerOf } from '#operator/journal/switch-journal.ts';
import { type HeldLock, underLocks } from '#operator/lock/hold-lock.ts';
import { describeObstacle, type SwitchHooks } from './prepare-switch.ts';
import type { Obstacle, SwitchPlace, SwitchReport } from './switch-ports.ts';
import { goForward, putBack, type Transaction } from './transaction.ts';
import { endedElsewhere, isStillOurs, type WatchEnding } from './watch-region.ts';

/** Goes on to the other region, or with the switch that a canary came before, or puts back, unless another command has done either. @throws whatever journal and lock fail with */
export async function endWatch(
  place: SwitchPlace,
  hooks: SwitchHooks,
  record: SwitchRecord,
  ending: WatchEnding,
  report: (outcome: 'done' | 'reverted' | 'stuck', now: SwitchRecord, problem?: string) => SwitchReport,
): Promise<SwitchReport> {
  const isStaggered = staggerOf(record) !== undefined;
  const byOthers = async () => {
    const now = await endedElsewhere(place, record);
    if (now?.outcome === 'done' || now?.outcome === 'reverted') return report(now.outcome, now, now.cause);
    return report('stuck', now ?? record, `Another command ended the ${isStaggered ? 'stagger' : 'canary'}.`);
  };
  if (ending.end === 'elsewhere') return byOthers();
  // Whoever asks for the lock meanwhile either ends the stagger, or is refused and gone.
  const whenTaken = () => isStillOurs(place, record, 1);
  const work = async (lock: HeldLock): Promise<SwitchReport | undefined> => {
    const journal = await place.journal.read();
    if (!(await isStillOurs(place, record))) return undefined;
    const writer = new JournalWriter(place.journal, journal, record, hooks.now ?? Date.now);
    const run = transaction(place, hooks, writer, lock);
    const conclude = async (work: () => ReturnType<typeof putBack>) => {
      const { outcome, problem } = await work();
      return report(outcome === 'watched' ? 'stuck' : outcome, writer.record, problem);
    };
    const back = (problem: string) =>
      conclude(async () => {
        // Put back it is, whether or not that can be written down.
        await writer.endStep('failed', { problem }).catch(() => undefined);
        return putBack(run, new Error(problem));
      });
    if (ending.end === 'failed') return back(ending.problem);
    const obstacles = await place.ports.preflight(record.to).catch((error: unknown) => [failure(error)]);
    if (obstacles.length > 0)
      return back(
        `${record.to} can't take ${isStaggered ? 'the other region' : 'live traffic'}:\n${obstacles.map(describeObstacle).join('\n')}`,
      );
    return conclude(async () => {
      await writer.endStep('done');
      return goForward({ ...run, isWatched: isStaggered });
    });
  };
  const ended = await underLocks(place.locks, { ...hooks, whenTaken }, work).catch(async (error: unknown) => {
    if (error instanceof RefusedError && !(await isStillOurs(place, record))) return undefined;
    throw error;
  });
  return ended ?? byOthers();
}

function failure(error: unknown): Obstacle {
  return { regionType: undefined, message: errorReason(error) };
}

/** A switch under way, for the steps that it takes next. */
export function transaction(
  place: SwitchPlace,
  hooks: SwitchHooks,
  writer: JournalWriter,
  lock: HeldLock,
): Transaction {
  const { onStep, signal } = hooks;
  const { ports, without } = place;
  return { ports, writer, lock, ...(without && { without }), ...(onStep && { onStep }), ...(signal && { signal }) };
}
