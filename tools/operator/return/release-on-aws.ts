import { PREVIEW } from '#functions/environment.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { deployStage } from '#operator/deploy/deploy-stage.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { movedByTerraform } from '#operator/promote/move-aliases.ts';
import { declaredStacks } from '#operator/terraform/select-stacks.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import { leftSources, leftStacks } from '#operator/without/left-stacks.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { missingPins, versionsThatStay } from './missing-release.ts';
import type { ReturnPlace } from './return-region.ts';

interface ReleasePorts {
  readonly terraform: Terraform;
  readonly synthesize?: typeof synthesizeStacks;
  readonly onPhase: (text: string) => void;
}

/**
 * Deploys in a region that has come back what was deployed or promoted without it: its stacks alone, by the way of every deploy, with the code that is
 * at hand. Its public names stay where they lead. Whether that is what the other region runs, parity tells.
 */
export function releaseOnAws(
  context: StageContext,
  { terraform, onPhase, synthesize = synthesizeStacks }: ReleasePorts,
): ReturnPlace['release'] {
  const { stage } = context;
  return async (region, environments) => {
    const other = otherRegion(region);
    const live = awsLiveSources(context);
    const bothRegions = async () => {
      const read = (type: RegionType) => readRegion(context, type, live.regions[type]);
      const [here, there] = await Promise.all([read(region), read(other)]);
      return { here, there };
    };
    const stacks = wantedStacks(context, region, environments);
    const { target } = await deployStage(
      context,
      {
        live: leftSources(context, live, other),
        journal: awsSwitchRecords(context).journal,
        synthesize: async (records) => leftStacks(await synthesize(context, records), other),
        terraform,
        kept: versionsThatStay(region, await bothRegions()),
        confirmFirst: () =>
          Promise.reject(
            new RefusedError(`Nothing of ${stage} is deployed there: two-region deploy ${stage} --take ${other}`),
          ),
        // What is changed was asked about, and no traffic goes there.
        confirmLive: async () => undefined,
        confirmLiveChange: async () => undefined,
        onPhase,
        onPlan: ({ stack }) => onPhase(`deploying ${stack.name}`),
      },
      { stacks, again: `two-region return ${stage} ${region}` },
    );
    const { here, there } = await bothRegions();
    for (const environment of environments.filter((name) => name !== PREVIEW)) {
      const pins = missingPins({ here, there }, environment);
      const running = here.environments.find(({ name }) => name === environment);
      if (running === undefined || Object.keys(pins).length === 0) continue;
      onPhase(`pinning functions of ${environment}`);
      const move = movedByTerraform(context, { terraform, synthesize: () => synthesize(context), onPhase });
      const moved = await move(
        { environment, target, functions: {}, running: { [region]: running } },
        { [region]: pins },
      );
      const failed = moved.find(({ outcome }) => outcome === 'failed');
      if (failed !== undefined) throw new RefusedError(`${failed.stack}: ${failed.problem}`);
    }
    return [`Deployed there: ${stacks.join(', ')}.`];
  };
}

/** The region's stacks, but for those of environments that nothing was deployed to. */
function wantedStacks(context: StageContext, region: RegionType, environments: readonly string[]): readonly string[] {
  const known = [...context.settings.apiEnvironments, PREVIEW];
  return declaredStacks(context)
    .filter(({ name }) => name.endsWith(`-${region}`))
    .filter(({ kind }) => !known.includes(kind) || environments.includes(kind))
    .map(({ name }) => name);
}
