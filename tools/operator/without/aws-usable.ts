import { RefusedError } from '#operator/cli/errors.ts';
import { awsCatchUp, underStageLock } from '#operator/journal/stage-records.ts';
import { inLeftRegion } from '#operator/regions/left-region.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { requireAway, requireRecovered } from './require-usable.ts';

/**
 * Whether a stage's stacks can be changed, with both regions or without one. Without the one that stands by nothing is asked for: live traffic is in the other.
 *
 * @param context - as the settings have it
 * @throws RefusedError with what has to be done first
 */
export async function requireUsableOnAws(context: StageContext, without?: RegionType): Promise<void> {
  const { settings, stage } = context;
  if (without !== undefined) await requireAway(awsRoutePlace(context), without);
  if (without === 'primary') {
    return requireRecovered(stage, awsStateStores(context).secondary);
  }
  if (without === 'secondary' || settings.stateInSecondary.includes(stage)) return;
  const items = await ofRegion(context, 'secondary', () => awsCatchUp(context).read('primary'));
  const first = items.find(({ kind }) => kind === 'state');
  if (first === undefined) return;
  throw new RefusedError(
    `${stage} was changed without the primary region since ${first.at}, by ${first.who}: its state is newer in the secondary region. ` +
      `First: two-region return ${stage} primary`,
  );
}

/**
 * Changes a stage's stacks while no other command does, if they can be changed: {@link requireUsableOnAws}.
 *
 * @param given - as the settings have it
 * @param without - region that is lost. @default - none
 * @throws what {@link underStageLock} and {@link requireUsableOnAws} throw; nothing has changed then
 */
export function underUsableStage<T>(given: StageContext, work: () => Promise<T>, without?: RegionType): Promise<T> {
  const begin = async () => {
    await requireUsableOnAws(given, without);
    return work();
  };
  return underStageLock(inLeftRegion(given, without), begin, without);
}
