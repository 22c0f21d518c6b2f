import type { LiveEnvironment } from '#operator/live/live-region.ts';
import type { RegionType } from '#stacks/context.ts';
import type { SynthesizedStack } from './synthesized-stack.ts';
import type { Variables } from './terraform.ts';

/** Versions that a region's functions run in one environment: function → published version. */
export type FunctionVersions = Readonly<Record<string, string>>;

/** Versions that an environment is applied with in one region. Functions that aren't named take their newest. */
export interface KeptVersions {
  /** For this apply. */
  readonly versions: FunctionVersions;
  /** With a mark on the alias, by which later applies know that they stay. */
  readonly pinned: FunctionVersions;
}

/** The versions that an environment runs. */
export function versionsOf({ functions }: Pick<LiveEnvironment, 'functions'>): FunctionVersions {
  return Object.fromEntries(Object.entries(functions).map(([name, { version }]) => [name, version]));
}

/** The versions that an environment's functions are pinned to. */
export function pinnedOf({ functions }: Pick<LiveEnvironment, 'functions'>): FunctionVersions {
  const pinned = Object.entries(functions).filter(([, { isPinned }]) => isPinned);
  return versionsOf({ functions: Object.fromEntries(pinned) });
}

/**
 * Values of a stack's variables.
 *
 * @param target - environment that the public names lead to
 * @param kept - environment → region → versions; of an environment that isn't named the functions take their newest
 */
export function stackVariables(
  { kind, regionType }: Pick<SynthesizedStack, 'kind' | 'regionType'>,
  target: string,
  kept: Readonly<Record<string, Readonly<Partial<Record<RegionType, KeptVersions>>>>> = {},
): Variables {
  const { versions = {}, pinned = {} } = (regionType && kept[kind]?.[regionType]) ?? {};
  return {
    target_env: target,
    ...(Object.keys(versions).length > 0 && { function_versions: JSON.stringify(versions) }),
    ...(Object.keys(pinned).length > 0 && { pinned_versions: JSON.stringify(pinned) }),
  };
}
