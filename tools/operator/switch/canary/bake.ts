import { setTimeout as sleep } from 'node:timers/promises';
import { errorReason } from '#functions/error-reason.ts';
import { type Canary, canaryOf, type SwitchRecord } from '#operator/journal/switch-journal.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import { isStillOurs, WATCH, type WatchEnding } from '#operator/switch/watch-region.ts';
import type { Comparison } from './compare-versions.ts';

interface BakeOptions {
  readonly place: Pick<SwitchPlace, 'journal' | 'ports' | 'timeScale'>;
  /** The switch whose last step is the bake. */
  readonly record: SwitchRecord;
  /** In seconds as on AWS. */
  readonly seconds: number;
  /** Aborted: the bake ends. */
  readonly signal?: AbortSignal;
  /** Hears after each look how many seconds, as on AWS, are left, what is wrong, and how the versions compare. */
  readonly onLook?: (left: number, problem: string | undefined, comparison: Comparison | undefined) => void;
}

/** How a bake ended, and what was measured last. */
export interface Baked {
  readonly ending: WatchEnding;
  /** @default - nothing was measured */
  readonly comparison?: Comparison;
}

/**
 * Looks every ten seconds at the live environment in both regions, its alarms, and how the new versions do beside the old ones. They are taken back
 * at once when they are worse, after three looks in a row at which something else is wrong, and in the end when too few requests ran them to tell.
 * No lock is held meanwhile, so that whoever wants to can end it.
 */
export async function bake({ place, record, seconds, signal, onLook }: BakeOptions): Promise<Baked> {
  const canary = canaryOf(record);
  if (canary === undefined) return { ending: { end: 'elsewhere' } };
  const pause = Math.min(WATCH.intervalSeconds, seconds / WATCH.failuresInARow);
  const begun = performance.now();
  let failures = 0;
  let comparison: Comparison | undefined;
  const failed = (problem: string): Baked => ({
    ending: { end: 'failed', problem },
    ...(comparison && { comparison }),
  });
  for (;;) {
    await sleep((1000 * pause) / place.timeScale, undefined, signal && { signal }).catch(() => undefined);
    if (signal?.aborted) return failed('Interrupted.');
    if (!(await isStillOurs(place, record))) return { ending: { end: 'elsewhere' } };
    const look = await lookAt(place, record, canary);
    comparison = look.comparison ?? comparison;
    if (look.comparison?.verdict === 'worse') return failed(describeWorse(canary, look.comparison));
    const { problem } = look;
    failures = problem === undefined ? 0 : failures + 1;
    if (problem !== undefined && failures === WATCH.failuresInARow) {
      return failed(`${canary.from} was not well ${failures} times in a row during the canary. Last: ${problem}`);
    }
    const left = seconds - ((performance.now() - begun) * place.timeScale) / 1000;
    onLook?.(Math.max(0, left), problem, look.comparison);
    if (left > 0 || failures > 0 || look.comparison === undefined) continue;
    if (look.comparison.verdict === 'few') {
      return failed(
        `${look.comparison.reasons.join(' ')} A longer --bake or a larger --canary has more; a switch without --canary needs none.`,
      );
    }
    return { ending: { end: 'over' }, comparison: look.comparison };
  }
}

async function lookAt(
  { ports }: BakeOptions['place'],
  record: SwitchRecord,
  canary: Canary,
): Promise<{ readonly problem?: string; readonly comparison?: Comparison }> {
  const health = REGION_TYPES.map((regionType) =>
    ports
      .health(regionType, canary.from, record.begun)
      .catch((error: unknown) => errorReason(error))
      .then((problem) => (problem === undefined ? [] : [`${regionType} region: ${problem}`])),
  );
  const compared = ports.canary.compare(canary, canary.begun).then(
    (comparison) => ({ comparison }),
    (error: unknown) => ({ unmeasured: `The versions could not be compared: ${errorReason(error)}` }),
  );
  const [found, result] = await Promise.all([Promise.all(health), compared]);
  const problems = [...found.flat(), ...('unmeasured' in result ? [result.unmeasured] : [])];
  return {
    ...(problems.length > 0 && { problem: problems.join(' ') }),
    ...('comparison' in result && { comparison: result.comparison }),
  };
}

/** What new versions do worse, in one text. */
export function describeWorse({ to }: Pick<Canary, 'to'>, { reasons }: Comparison): string {
  return `The versions of ${to} do worse:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`;
}
