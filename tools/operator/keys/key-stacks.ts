import { PREVIEW } from '#functions/environment.ts';
import { KeysError, RefusedError } from '#operator/cli/errors.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import { readTargets } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { applyPlans, planNarrowly } from '#operator/terraform/plan/narrow-change.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan, Terraform } from '#operator/terraform/terraform.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';
import { didYouMean } from '#stacks/settings/problem.ts';

/** The stacks that declare keys, with the target that is live: nothing but keys is changed. */
export interface KeyStacks {
  /** Looks whether {@link apply} could do its work, before a parameter is changed for it. @throws TerraformError, TargetDisagreementError */
  requireSettled(place: KeyPlace): Promise<void>;
  /** Admits what the regions' parameters hold, and nothing else. @throws TerraformError, KeysError */
  apply(place: KeyPlace, regions: readonly RegionType[]): Promise<readonly StackResult[]>;
}

interface KeyStacksPorts {
  readonly live: Pick<LiveSources, 'regions'>;
  readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  readonly onResult?: (result: StackResult) => void;
  /** The region that is lost. @default - none */
  readonly without?: RegionType | undefined;
}

const TYPES = ['aws_api_gateway_api_key', 'aws_api_gateway_usage_plan_key'];

/** Through Terraform. The stage is synthesized once, when it is needed first. */
export function keyStacks(context: StageContext, ports: KeyStacksPorts): KeyStacks {
  const { stage } = context;
  const left = regionsLeft(ports.without);
  let synthesized: Promise<readonly SynthesizedStack[]> | undefined;
  const plan = async ({ stackKind }: KeyPlace, regions: readonly RegionType[]): Promise<readonly StackPlan[]> => {
    const target = liveTarget(await readTargets(context, ports.live.regions)) ?? '';
    synthesized ??= ports.synthesize();
    const stacks = (await synthesized).filter(
      ({ kind, regionType }) => kind === stackKind && regionType !== undefined && regions.includes(regionType),
    );
    const variablesOf = (stack: SynthesizedStack) => stackVariables(stack, target);
    return planNarrowly(ports.terraform, stacks, { stage, types: TYPES, variablesOf });
  };
  return {
    requireSettled: async (place) => {
      await plan(place, left);
    },
    apply: async (place, regions) => {
      const results = await applyPlans(ports.terraform, await plan(place, regions), ports.onResult);
      const failed = results.filter(({ outcome }) => outcome === 'failed');
      if (failed.length === 0) return results;
      const lines = failed.map(({ stack, problem = '' }) => `${stack}:\n${problem}`);
      const again = `two-region keys sync ${stage}${place.flags}`;
      throw new KeysError([...lines, `When the cause is gone, go on with: ${again}`].join('\n'));
    },
  };
}

/** What one key opens and where it is kept. The API environments share a key, `preview` has its own. */
export interface KeyPlace {
  /** Parameter that holds the key's value, and during a rotation the one before it. */
  readonly parameter: 'api_key' | 'preview_api_key';
  /** Environments that it opens. */
  readonly environments: readonly string[];
  /** Name of the usage plan in each region. */
  readonly usagePlan: string;
  /** Kind of the stacks that declare it. */
  readonly stackKind: string;
  /** It opens the environment that receives live traffic. */
  readonly isLive: boolean;
  /** What a command line needs besides the stage to mean this place. */
  readonly flags: string;
  /** What it needs to mean the stage: ` --local` of the local runtime, ` --without secondary` while that region is lost. */
  readonly stageFlags: string;
}

/**
 * The key of an environment.
 *
 * @param environment - @default - the API environments
 * @param stageFlags - ` --local` of the local runtime, ` --without secondary`. @default - of the stage on AWS
 * @throws RefusedError for an environment that the settings don't have
 */
export function keyPlace(context: StageContext, environment: string | undefined, stageFlags = ''): KeyPlace {
  const { apiEnvironments } = context.settings;
  const known = [...apiEnvironments, PREVIEW];
  if (environment !== undefined && !known.includes(environment)) {
    const suggestion = didYouMean(environment, known);
    throw new RefusedError(`--env is ${JSON.stringify(environment)}, allowed are ${known.join(', ')}.${suggestion}`);
  }
  if (environment === PREVIEW) {
    return {
      parameter: 'preview_api_key',
      environments: [PREVIEW],
      usagePlan: `${prefix(context)}-${PREVIEW}`,
      stackKind: PREVIEW,
      isLive: false,
      flags: ` --env ${PREVIEW}${stageFlags}`,
      stageFlags,
    };
  }
  return {
    parameter: 'api_key',
    environments: apiEnvironments,
    usagePlan: prefix(context),
    stackKind: 'entry',
    isLive: true,
    flags: stageFlags,
    stageFlags,
  };
}
