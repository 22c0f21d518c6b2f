import {
  addCatchUp,
  type CatchUpItem,
  type CatchUpStore,
  describeCatchUp,
  removeCatchUp,
  requireNoneNewer,
} from '#operator/regions/catch-up.ts';
import type { StageContext } from '#stacks/context.ts';
import type { KeyChange, KeyPorts } from './change-keys.ts';
import type { KeyPlace } from './key-stacks.ts';

/** A change of keys. */
export interface OwingChange {
  readonly place: KeyPlace;
  readonly done: KeyChange;
  /** What a region that was left out has to catch up on, in sentences. @default - none was */
  readonly lacking?: readonly string[];
}

/**
 * Changes keys: of one region alone with a note of what the other one lacks, and of both only where neither has newer ones.
 *
 * @throws RefusedError, and whatever the change throws
 */
export async function changeOwing(
  catchUp: CatchUpStore,
  context: StageContext,
  place: KeyPlace,
  ports: KeyPorts,
  make: (context: StageContext, place: KeyPlace, ports: KeyPorts) => Promise<KeyChange>,
): Promise<OwingChange> {
  const { without } = ports;
  if (without === undefined) {
    await requireNoneNewer(context.stage, catchUp);
    const done = await make(context, place, ports);
    // Whatever was made or ended without the secondary region, that one has it now.
    const isLevel = ({ kind, names }: CatchUpItem) => kind === 'keys' && names?.includes(place.parameter) === true;
    if (done.outcome !== 'created') await removeCatchUp(catchUp, 'secondary', isLevel);
    return { place, done };
  }
  const what = `its ${place.parameter} is to be set, and admitted`;
  const owe = async () => {
    await addCatchUp(catchUp, without, { kind: 'keys', what, names: [place.parameter] });
  };
  const done = await make(context, place, { ...ports, owe });
  return { place, done, lacking: describeCatchUp(without, await catchUp.read(without)) };
}
