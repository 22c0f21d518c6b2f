import type { RegionType, StageContext } from '../../../stacks/context.ts';
import type { LiveSources } from '../live/open-live.ts';
import { readTargets } from '../live/read-target.ts';
import { liveTarget } from '../live/target.ts';
import type { StackResult } from '../terraform/apply-steps.ts';
import { applyPlans, planNarrowly } from '../terraform/narrow-change.ts';
import { stackVariables } from '../terraform/stack-variables.ts';
import type { SynthesizedStack } from '../terraform/synthesized-stack.ts';
import type { StackPlan, Terraform } from '../terraform/terraform.ts';
import type { KeyPlace } from './key-place.ts';
import { KeysError } from './keys-error.ts';

/** The stacks that declare keys, with the target that is live: nothing but keys is changed. */
export interface KeyStacks {
  /** Looks whether {@link apply} could do its work, before a parameter is changed for it. @throws TerraformError, TargetDisagreementError */
  requireSettled(place: KeyPlace): Promise<void>;
  /** Admits what the regions' parameters hold, and nothing else. @param regions - @default - both @throws TerraformError, KeysError */
  apply(place: KeyPlace, regions?: readonly RegionType[]): Promise<readonly StackResult[]>;
}

export interface KeyStacksPorts {
  readonly live: Pick<LiveSources, 'regions'>;
  readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  readonly onResult?: (result: StackResult) => void;
}

const TYPES = ['aws_api_gateway_api_key', 'aws_api_gateway_usage_plan_key'];
const BOTH: readonly RegionType[] = ['primary', 'secondary'];

/** Through Terraform. The stage is synthesized once, when it is needed first. */
export function keyStacks(context: StageContext, ports: KeyStacksPorts): KeyStacks {
  const { stage } = context;
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
      await plan(place, BOTH);
    },
    apply: async (place, regions = BOTH) => {
      const results = await applyPlans(ports.terraform, await plan(place, regions), ports.onResult);
      const failed = results.filter(({ outcome }) => outcome === 'failed');
      if (failed.length === 0) return results;
      const lines = failed.map(({ stack, problem = '' }) => `${stack}:\n${problem}`);
      const again = `two-region keys sync ${stage}${place.flags}`;
      throw new KeysError([...lines, `When the cause is gone, go on with: ${again}`].join('\n'));
    },
  };
}
