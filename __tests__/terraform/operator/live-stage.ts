import { readRegion } from '#operator/live/read-region.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

/** Everything that is live in both regions, primary first. */
export function bothRegions({ context, live }: StageOnMoto) {
  return Promise.all([
    readRegion(context, 'primary', live.regions.primary),
    readRegion(context, 'secondary', live.regions.secondary),
  ]);
}

/** An environment as it is in each region that has it. */
export async function environmentsOf(stage: StageOnMoto, name: string) {
  return (await bothRegions(stage)).flatMap(({ environments }) => environments.filter((each) => each.name === name));
}
