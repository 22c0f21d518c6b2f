import type { RegionType, StageContext } from '../../../stacks/context.ts';
import type { LiveSources } from '../live/open-live.ts';
import { readRegion } from '../live/read-region.ts';
import { type PinnedVersions, versionsOf } from './stack-variables.ts';

/** Environment → region → function → version. */
export type LiveVersions = Readonly<Record<string, PinnedVersions>>;

/** Versions that environments run in each region, for the variable that keeps them there. Nothing is asked for no environments. */
export async function liveVersions(
  context: StageContext,
  { regions }: Pick<LiveSources, 'regions'>,
  environments: readonly string[],
): Promise<LiveVersions> {
  if (environments.length === 0) return {};
  const read = async (regionType: RegionType) =>
    (await readRegion(context, regionType, regions[regionType])).environments;
  const [primary, secondary] = await Promise.all([read('primary'), read('secondary')]);
  const inRegion = (found: typeof primary, regionType: RegionType, name: string): PinnedVersions => {
    const environment = found.find((each) => each.name === name);
    return environment === undefined ? {} : { [regionType]: versionsOf(environment) };
  };
  return Object.fromEntries(
    environments.map((name) => [
      name,
      { ...inRegion(primary, 'primary', name), ...inRegion(secondary, 'secondary', name) },
    ]),
  );
}
