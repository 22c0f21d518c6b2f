import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { DrillPlace } from '#operator/drill/drill-place.ts';
import { moveRoute, type RouteReport } from '#operator/route/move-route.ts';
import { endFaults } from './inflict.ts';
import { isAtHome, isHealthy, waitingOf } from './waiting.ts';

/** What a drill broke could not be mended in time. */
class RestoreError extends Error {
  override readonly name = 'RestoreError';
  readonly exitCode = ExitCode.Failed;
  constructor(stage: string) {
    super(
      `Everything responds again, but traffic has not come back to the primary region yet. Look at two-region status ${stage} --local; ` +
        `where it is held: two-region route-back ${stage} primary --local`,
    );
  }
}

/** Seconds in which checks become healthy, DNS answers run out, and a latch that comes late is taken back. */
const RETURN_SECONDS = 180;

/**
 * Ends whatever a drill has made and waits until both regions are healthy and traffic is in the primary one: a latch may come late, and is taken back.
 *
 * @returns what was ended, in sentences
 * @throws RestoreError where that takes much longer than it should
 */
export async function restore(place: DrillPlace): Promise<readonly string[]> {
  const { control, context } = place;
  const done = [...(await endFaults(place))];
  const isHome = async () => {
    const { outcome } = await letReturn(place);
    if (outcome !== 'already') done.push('Traffic may go to the primary region again.');
    const status = await control.status();
    return isHealthy(status) && isAtHome(status);
  };
  // No signal: whatever comes, what was broken is mended.
  const home = await waitingOf(place, new AbortController().signal).until(isHome, RETURN_SECONDS);
  if (home === undefined) throw new RestoreError(context.stage);
  return done;
}

/** Traffic no longer keeps away from the primary region, if it did. */
export function letReturn({ route }: Pick<DrillPlace, 'route'>): Promise<RouteReport> {
  return moveRoute(route, { kind: 'back', region: 'primary', wait: false }, async () => undefined);
}
