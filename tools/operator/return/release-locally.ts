import type { RunningStage } from '#operator/cli/running-stage.ts';
import { deployLocally, type LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';
import { localLiveSources } from '#operator/live/local-sources.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { missingPins } from './missing-release.ts';
import type { ReturnPlace } from './return-region.ts';

/**
 * Releases in a region of the running runtime that has come back what was released or promoted without it, with the code that is at hand. Its public names
 * stay where they lead.
 */
export function releaseLocally(
  running: RunningStage,
  directory: string,
  ports: Pick<LocalDeployPorts, 'checkTypes' | 'onPhase' | 'synthesize'>,
): ReturnPlace['release'] {
  const { context, control } = running;
  const { regions } = localLiveSources(control);
  const read = (type: RegionType) => readRegion(context, type, regions[type]);
  return async (region, environments) => {
    const without = otherRegion(region);
    const bothRegions = async () => ({ here: await read(region), there: await read(without) });
    const deployed = environments.filter((name) => context.settings.apiEnvironments.includes(name));
    for (const environment of deployed) {
      const { here, there } = await bothRegions();
      const functionsOf = ({ environments: all }: typeof here) =>
        all.find(({ name }) => name === environment)?.functions ?? {};
      const others = functionsOf(there);
      const isOutdated = Object.entries(functionsOf(here)).some(
        ([name, { isPinned, codeSha256 }]) => isPinned && others[name]?.codeSha256 !== codeSha256,
      );
      await deployLocally(running, { environment, without, withNewVersions: isOutdated }, directory, {
        ...ports,
        // What is changed was asked about, and no traffic goes there.
        confirmLive: async () => undefined,
        confirmLiveChange: async () => undefined,
      });
      const pins = Object.entries(missingPins(await bothRegions(), environment));
      const versions = Object.fromEntries(pins.map(([name, version]) => [functionName(context, name), version]));
      if (pins.length > 0) await control.point({ environment, versions: { [region]: versions } });
    }
    return deployed.length === 0 ? [] : [`Released there: ${deployed.join(', ')}.`];
  };
}
