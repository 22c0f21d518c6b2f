import type { StageContext } from '../../../stacks/context.ts';
import { mirror, type Written } from '../parameters/mirror.ts';
import type { ParameterStores } from '../parameters/parameter-store.ts';
import { putParameters } from '../parameters/put.ts';
import type { KeyPlace } from './key-place.ts';
import { KeysError } from './keys-error.ts';

/** Sets a place's parameter in both regions. @throws KeysError when the secondary region did not take it; ParametersError for a wrong value */
export async function writeKey(
  context: StageContext,
  place: KeyPlace,
  stores: ParameterStores,
  value: string,
): Promise<void> {
  const current = await stores.primary.readAll();
  const [written] = await putParameters(context, stores, current, new Map([[place.parameter, value]]));
  requireMirrored(context, place, written?.secondary);
}

/** Gives the secondary region what the primary region's parameter holds. @throws KeysError when it did not take it */
export async function mirrorKey(
  context: StageContext,
  place: KeyPlace,
  { secondary }: ParameterStores,
  value: string,
): Promise<void> {
  const results = await mirror(secondary, new Map([[place.parameter, value]]));
  requireMirrored(context, place, results.get(place.parameter));
}

function requireMirrored({ stage, settings }: StageContext, place: KeyPlace, written: Written | undefined): void {
  if (written?.outcome !== 'failed') return;
  throw new KeysError(
    `${place.parameter} was not mirrored to ${settings.secondaryRegion}, and nothing was applied: ${written.reason}\n` +
      `When the region answers again: two-region keys sync ${stage}${place.flags}`,
  );
}
