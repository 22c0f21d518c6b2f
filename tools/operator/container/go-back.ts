import { RefusedError } from '#operator/cli/errors.ts';
import type { ContainerRegion, Deployment } from './container-region.ts';

/** A region and what has its traffic. */
interface Serving {
  readonly region: ContainerRegion;
  readonly value: { readonly current: Deployment | undefined; readonly serving: string | undefined };
}

/**
 * Looks whether a region without a deployment under way serves what the others would go back to: it does where an interrupted switch has given it back,
 * or not come to it, and does not where it has the new image and its old tasks have ended.
 *
 * @throws RefusedError where it serves what the others are to leave
 */
export async function requireOthersBack(
  stage: string,
  stopping: readonly { readonly region: ContainerRegion; readonly current: Deployment }[],
  all: readonly Serving[],
): Promise<void> {
  const leaving = await Promise.all(
    stopping.map(async ({ region, current }) => (await region.definition(current.taskDefinition)).digest),
  );
  for (const { region, value } of all) {
    if (value.current !== undefined || value.serving === undefined) continue;
    if (!leaving.includes((await region.definition(value.serving)).digest)) continue;
    throw new RefusedError(
      `Only ${stopping.map((each) => each.region.region).join()} has a deployment under way: the other region's old tasks have ended. ${otherWay(stage)}`,
    );
  }
}

/**
 * What each region is to run again. Where they serve different images, one of them was given back and the other one was not: it alone goes, to what the
 * other one serves.
 *
 * @throws RefusedError where nothing was deployed before, or it is not clear which of the regions is to go
 */
export async function earlierOf(
  stage: string,
  all: readonly Serving[],
): Promise<readonly { readonly region: ContainerRegion; readonly taskDefinition: string }[]> {
  const digestOf = async (region: ContainerRegion, arn: string | undefined) =>
    arn === undefined ? undefined : (await region.definition(arn)).digest;
  const found = await Promise.all(
    all.map(async ({ region, value: { serving } }) => {
      const earlier = serving === undefined ? undefined : await region.earlier(serving);
      const [now, before] = await Promise.all([digestOf(region, serving), digestOf(region, earlier)]);
      return { region, earlier, now, before };
    }),
  );
  const isOne = new Set(found.map(({ now }) => now)).size === 1;
  const going = isOne
    ? found
    : found.filter((one) =>
        found.some((other) => other !== one && one.before !== undefined && one.before === other.now),
      );
  if (!isOne && going.length !== 1) {
    const served = found.map(({ region, now }) => `${region.region} ${now ?? 'nothing'}`).join(', ');
    throw new RefusedError(
      `The regions serve different images, ${served}, and which is to go back is not clear. ${otherWay(stage)}`,
    );
  }
  return going.map(({ region, earlier }) => {
    if (earlier !== undefined) return { region, taskDefinition: earlier };
    throw new RefusedError(
      `In ${region.region} nothing was deployed before what serves: there is nothing to go back to.`,
    );
  });
}

function otherWay(stage: string): string {
  return `Deploy the earlier image: its digest by two-region params put ${stage}, then the stack container.`;
}
