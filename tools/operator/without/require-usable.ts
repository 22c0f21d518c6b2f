import { RefusedError } from '#operator/cli/errors.ts';
import type { RoutePlace } from '#operator/route/move-route.ts';
import { askRegion, type RegionAnswer } from '#operator/state/region-states.ts';
import type { StateStore } from '#operator/state/state-store.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';

/**
 * Traffic must have left a region for good before the other one is changed alone. Of one that only stands by nothing is asked: traffic is in the other.
 *
 * @throws RefusedError
 */
export async function requireAway(
  { stage, active, flags, stores }: Pick<RoutePlace, 'active' | 'flags' | 'stage' | 'stores'>,
  lost: RegionType,
): Promise<void> {
  const other = otherRegion(lost);
  if (active === other) return;
  const { document } = await stores[other].read();
  if (document.route === 'away') return;
  throw new RefusedError(
    `Traffic of ${stage} may go back to the ${lost} region by itself, which would then run something else. ` +
      `First: two-region route-away ${stage} ${lost}${flags}`,
  );
}

/** The copies of the state must be what the secondary region's lock table says: Terraform works with them. @throws RefusedError */
export async function requireRecovered(stage: string, copies: StateStore): Promise<void> {
  const problem = problemOf(await askRegion(copies));
  if (problem === undefined) return;
  throw new RefusedError(
    `Terraform can't work with the state of ${stage} in ${copies.location.region} yet: ${problem}. First: two-region state recover ${stage}`,
  );
}

function problemOf(answer: RegionAnswer): string | undefined {
  if ('problem' in answer) return answer.problem;
  if (answer.states.size === 0) return 'there is none';
  const wrong = [...answer.states.values()].filter(({ document, digest }) => document?.md5 !== digest);
  return wrong.length === 0 ? undefined : `it is not confirmed for ${wrong.map(({ stack }) => stack).join(', ')}`;
}
