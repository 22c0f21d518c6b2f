import { RefusedError } from '#operator/cli/errors.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';

/** Both regions, the primary one first. */
export const REGION_TYPES: readonly RegionType[] = ['primary', 'secondary'];

/** The regions that are worked in. @param without - the one that is lost. @default - none is */
export function regionsLeft(without?: RegionType): readonly RegionType[] {
  return without === undefined ? REGION_TYPES : [otherRegion(without)];
}

/** What is put behind a stage's name to repeat a command: ` --without secondary`, or nothing. */
export function withoutFlag(without?: RegionType): string {
  return without === undefined ? '' : ` --without ${without}`;
}

/**
 * A stage whose state, journal and locks are those of the region that is left.
 *
 * @throws RefusedError where that region's state is not the one that is worked with
 */
export function inLeftRegion(context: StageContext, without?: RegionType): StageContext {
  const { settings, stage } = context;
  if (without === undefined) return context;
  const isInSecondary = settings.stateInSecondary.includes(stage);
  if (without === 'secondary') {
    if (!isInSecondary) return context;
    throw new RefusedError(
      `The state of ${stage} is in the secondary region (STATE_IN_SECONDARY in settings.conf), which is to be left out. ` +
        `Take ${stage} out of STATE_IN_SECONDARY: the primary region's own state is then used, as it was before state recover.`,
    );
  }
  return isInSecondary
    ? context
    : { ...context, settings: { ...settings, stateInSecondary: [...settings.stateInSecondary, stage] } };
}
