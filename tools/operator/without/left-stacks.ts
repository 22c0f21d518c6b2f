import type { LiveSources } from '#operator/live/open-live.ts';
import type { RegionSources } from '#operator/live/read-region.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';

/**
 * What is live, by regions that are named where they do not answer. Without one, the region that is left stands for both and nothing is asked of
 * the other: what is read for that one so is of no use but for its stacks, which {@link leftStacks} leaves out.
 *
 * @param without - region that is lost. @default - none
 */
export function leftSources(context: StageContext, live: LiveSources, without?: RegionType): LiveSources {
  const named = (regionType: RegionType) => namedSources(context, regionType, live.regions[regionType]);
  if (without === undefined) return { ...live, regions: { primary: named('primary'), secondary: named('secondary') } };
  const left = named(otherRegion(without));
  return { ...live, regions: { primary: left, secondary: left } };
}

function namedSources(context: StageContext, regionType: RegionType, sources: RegionSources): RegionSources {
  const named =
    <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
    (...args: A) =>
      ofRegion(context, regionType, () => ask(...args));
  const { port, parameters, records } = sources;
  return {
    ...sources,
    port: {
      mappedStage: named(port.mappedStage),
      apiId: named(port.apiId),
      stages: named(port.stages),
      aliases: named(port.aliases),
      invokers: named(port.invokers),
      routes: named(port.routes),
      hasRole: port.hasRole,
    },
    parameters: { ...parameters, readAll: named(parameters.readAll) },
    records: named(records),
  };
}

/** Stacks of the region that is left: the other one's can't be applied, and those of both (data, routing …) have parts in it. */
export function leftStacks(stacks: readonly SynthesizedStack[], without?: RegionType): readonly SynthesizedStack[] {
  if (without === undefined) return stacks;
  const left = otherRegion(without);
  return stacks.filter(({ regionType }) => regionType === left);
}
