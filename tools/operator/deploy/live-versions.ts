import { PREVIEW } from '../../../functions/environment.ts';
import type { RegionType, StageContext } from '../../../stacks/context.ts';
import type { LiveSources } from '../live/open-live.ts';
import { readRegion } from '../live/read-region.ts';
import { type KeptVersions, pinnedOf, versionsOf } from './stack-variables.ts';

/** Environment → region → versions that stay. */
export type LiveVersions = Readonly<Record<string, Readonly<Partial<Record<RegionType, KeptVersions>>>>>;

/**
 * Versions that stay when environments are applied: of those that receive live traffic every function's, of the others those that are pinned.
 * Nothing is asked for no environments.
 *
 * @param live - environments that receive live traffic
 */
export async function liveVersions(
  context: StageContext,
  { regions }: Pick<LiveSources, 'regions'>,
  environments: readonly string[],
  live: readonly string[],
): Promise<LiveVersions> {
  // The environment preview follows $LATEST.
  const names = environments.filter((name) => name !== PREVIEW);
  if (names.length === 0) return {};
  const read = async (regionType: RegionType) =>
    (await readRegion(context, regionType, regions[regionType])).environments;
  const [primary, secondary] = await Promise.all([read('primary'), read('secondary')]);
  const inRegion = (found: typeof primary, regionType: RegionType, name: string): LiveVersions[string] => {
    const environment = found.find((each) => each.name === name);
    if (environment === undefined) return {};
    const versions = live.includes(name) ? versionsOf(environment) : {};
    return { [regionType]: { versions, pinned: pinnedOf(environment) } };
  };
  return Object.fromEntries(
    names.map((name) => [name, { ...inRegion(primary, 'primary', name), ...inRegion(secondary, 'secondary', name) }]),
  );
}

/** Names of the functions that are pinned in an environment, in one region at least. */
export function pinnedFunctions(kept: LiveVersions, environment: string): readonly string[] {
  const regions = Object.values(kept[environment] ?? {});
  return [...new Set(regions.flatMap(({ pinned }) => Object.keys(pinned)))].sort();
}
