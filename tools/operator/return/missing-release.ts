import { PREVIEW } from '#functions/environment.ts';
import type { DeployPorts } from '#operator/deploy/deploy-stage.ts';
import type { LiveEnvironment, LiveFunction, LiveRegion } from '#operator/live/live-region.ts';
import type { LiveVersions } from '#operator/terraform/live-versions.ts';
import type { FunctionVersions } from '#operator/terraform/stack-variables.ts';
import type { RegionType } from '#stacks/context.ts';

/** The two regions of a return, as they are now. */
export interface ReturningRegions {
  /** The one that has come back. */
  readonly here: Pick<LiveRegion, 'environments'>;
  /** The one that was left. */
  readonly there: Pick<LiveRegion, 'environments'>;
}

/** Environments of a region by their names. */
function find({ environments }: Pick<LiveRegion, 'environments'>, name: string): LiveEnvironment | undefined {
  return environments.find((each) => each.name === name);
}

/**
 * What stays when environments are deployed in a region that has come back: functions that run the other one's code there already. All others take
 * their newest version, those of the environment that the region's names lead to as well: no traffic goes there.
 */
export function versionsThatStay(
  region: RegionType,
  { here, there }: ReturningRegions,
): NonNullable<DeployPorts['kept']> {
  return async (names) => {
    const keptOf = (name: string): LiveVersions[string] => {
      const same = sameCode({ here, there }, name);
      const versions = Object.fromEntries(same.map(([each, { version }]) => [each, version]));
      const pinned = Object.fromEntries(
        same.flatMap(([each, { version, isPinned }]) => (isPinned ? [[each, version]] : [])),
      );
      return { [region]: { versions, pinned } };
    };
    // The environment preview follows $LATEST.
    return Object.fromEntries(names.filter((name) => name !== PREVIEW).map((name) => [name, keptOf(name)]));
  };
}

/** Functions of an environment that are pinned in the region that was left, and run the same code unpinned in the other one. @returns function → version here */
export function missingPins(regions: ReturningRegions, environment: string): FunctionVersions {
  const there = find(regions.there, environment)?.functions ?? {};
  const same = sameCode(regions, environment);
  const missing = same.filter(([name, { isPinned }]) => !isPinned && there[name]?.isPinned === true);
  return Object.fromEntries(missing.map(([name, { version }]) => [name, version]));
}

/** Functions that an environment runs with the same code in both regions, as the region has them that has come back. */
function sameCode(
  { here, there }: ReturningRegions,
  environment: string,
): readonly (readonly [string, LiveFunction])[] {
  const others = find(there, environment)?.functions ?? {};
  return Object.entries(find(here, environment)?.functions ?? {}).filter(
    ([name, { codeSha256 }]) => others[name]?.codeSha256 === codeSha256,
  );
}
