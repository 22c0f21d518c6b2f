import { PREVIEW } from '#functions/environment.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import { readRegion } from '#operator/live/read-region.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
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

/** Environment → functions that are pinned in it, in one region at least; without environments that have none. */
export function pinnedFunctions(kept: LiveVersions): Readonly<Record<string, readonly string[]>> {
  const names = (environment: LiveVersions[string]) =>
    [...new Set(Object.values(environment).flatMap(({ pinned }) => Object.keys(pinned)))].sort();
  const found = Object.entries(kept).map(([name, environment]) => [name, names(environment)] as const);
  return Object.fromEntries(found.filter(([, functions]) => functions.length > 0));
}
