import type { RegionType } from '../../../stacks/context.ts';
import type { LiveEnvironment } from '../live/live-region.ts';
import type { SynthesizedStack } from '../terraform/synthesized-stack.ts';
import type { Variables } from '../terraform/terraform.ts';

/** Versions that a region's functions run in one environment: function → published version. */
export type FunctionVersions = Readonly<Record<string, string>>;

/** Versions pinned per region. A region that has none takes the newest. */
export type PinnedVersions = Readonly<Partial<Record<RegionType, FunctionVersions>>>;

/** The versions that an environment runs. */
export function versionsOf({ functions }: Pick<LiveEnvironment, 'functions'>): FunctionVersions {
  return Object.fromEntries(Object.entries(functions).map(([name, { version }]) => [name, version]));
}

/**
 * Values of a stack's variables.
 *
 * @param target - environment that the public names lead to
 * @param pinned - environment → versions; of an environment that isn't named the functions take their newest
 */
export function stackVariables(
  { kind, regionType }: Pick<SynthesizedStack, 'kind' | 'regionType'>,
  target: string,
  pinned: Readonly<Record<string, PinnedVersions>> = {},
): Variables {
  const versions = regionType === undefined ? undefined : pinned[kind]?.[regionType];
  return { target_env: target, ...(versions && { function_versions: JSON.stringify(versions) }) };
}
