import type { RunningStage } from '#operator/cli/running-stage.ts';
import { underLocalLock } from '#operator/journal/local-records.ts';
import { localRoutePlace } from '#operator/route/open-route.ts';
import type { RegionType } from '#stacks/context.ts';
import { requireAway } from './require-usable.ts';

/**
 * Changes a running stage while no other command does, if it can be changed: without a region that is active only while traffic is kept away
 * from that.
 *
 * @param without - region that is lost. @default - none
 * @throws RefusedError with what has to be done first, or naming who is at work and until when
 */
export function underUsableRuntime<T>(
  { context, control }: RunningStage,
  work: () => Promise<T>,
  without?: RegionType,
): Promise<T> {
  return underLocalLock(control, async () => {
    if (without !== undefined) await requireAway(await localRoutePlace(context, control), without);
    return work();
  });
}
