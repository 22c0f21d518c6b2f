import { setTimeout as sleep } from 'node:timers/promises';
import { errorReason } from '#functions/error-reason.ts';
import { isWatched, type SwitchRecord, staggerOf } from '#operator/journal/switch-journal.ts';
import type { SwitchPlace } from './switch-ports.ts';

/** How the region that went first is watched: as Route 53 does, every ten seconds, three failures in a row being one too many. */
export const WATCH = { intervalSeconds: 10, failuresInARow: 3 } as const;

/** A watch that another command has ended is waited for so often until that command is through. */
const TAKEN_OVER_LOOKS = 60;

interface WatchOptions {
  readonly place: Pick<SwitchPlace, 'journal' | 'ports' | 'timeScale'>;
  /** The switch whose last step is the watch. */
  readonly record: SwitchRecord;
  /** In seconds as on AWS. */
  readonly seconds: number;
  /** Aborted: the watch ends. */
  readonly signal?: AbortSignal;
  /** Hears after each look how many seconds, as on AWS, are left, and what is wrong. */
  readonly onLook?: (left: number, problem: string | undefined) => void;
}

/** `over`: the region was well to the end. `elsewhere`: another command has ended the stagger. */
export type WatchEnding = { readonly end: 'elsewhere' | 'over' } | { readonly end: 'failed'; readonly problem: string };

/**
 * Watches the region that went first until its time is over, it fails, or another command ends the stagger. No lock is held meanwhile, so that
 * whoever wants to end it can. Time is the process's own, which no change of the clock touches.
 */
export async function watchRegion({ place, record, seconds, signal, onLook }: WatchOptions): Promise<WatchEnding> {
  const stagger = staggerOf(record);
  if (stagger === undefined) return { end: 'elsewhere' };
  const { regionType, to } = stagger;
  const pause = Math.min(WATCH.intervalSeconds, seconds / WATCH.failuresInARow);
  const begun = performance.now();
  let failures = 0;
  for (;;) {
    await sleep((1000 * pause) / place.timeScale, undefined, signal && { signal }).catch(() => undefined);
    if (signal?.aborted) return { end: 'failed', problem: 'Interrupted.' };
    if (!(await isStillOurs(place, record))) return { end: 'elsewhere' };
    const problem = await place.ports
      .health(regionType, to, record.begun)
      .catch((error: unknown) => errorReason(error));
    failures = problem === undefined ? 0 : failures + 1;
    if (problem !== undefined && failures === WATCH.failuresInARow) {
      return {
        end: 'failed',
        problem: `${to} failed in the ${regionType} region ${failures} times in a row. Last: ${problem}`,
      };
    }
    const left = seconds - ((performance.now() - begun) * place.timeScale) / 1000;
    onLook?.(Math.max(0, left), problem);
    if (left <= 0 && failures === 0) return { end: 'over' };
  }
}

/**
 * Whether the watch is still the last that the journal has of a switch. Where it can't be read, nothing says otherwise.
 *
 * @param looks - intervals that are waited for before
 */
export async function isStillOurs(
  { journal, timeScale }: Pick<SwitchPlace, 'journal' | 'timeScale'>,
  { id, steps }: SwitchRecord,
  looks = 0,
): Promise<boolean> {
  await sleep((1000 * looks * WATCH.intervalSeconds) / timeScale);
  const now = await journal.read().catch(() => undefined);
  if (now === undefined) return true;
  const found = now.switches.find((each) => each.id === id);
  return found !== undefined && isWatched(found) && found.steps.length === steps.length;
}

/** What became of a switch that another command ended. @returns as it stands when that command is through, or after some time */
export async function endedElsewhere(
  { journal, timeScale }: SwitchPlace,
  { id }: SwitchRecord,
): Promise<SwitchRecord | undefined> {
  let found: SwitchRecord | undefined;
  for (let look = 0; look < TAKEN_OVER_LOOKS; look++) {
    found = (await journal.read()).switches.find((each) => each.id === id);
    if (found?.outcome !== 'begun') break;
    await sleep((1000 * WATCH.intervalSeconds) / timeScale);
  }
  return found;
}
