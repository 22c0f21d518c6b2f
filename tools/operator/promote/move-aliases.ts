import { REGION_TYPES } from '#operator/regions/left-region.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { applyPlans, planNarrowly } from '#operator/terraform/plan/narrow-change.ts';
import { pinnedOf, stackVariables, versionsOf } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import type { StageContext } from '#stacks/context.ts';
import type { PromotePorts } from './promote-stage.ts';

interface MovePorts {
  readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  readonly onPhase?: (phase: string) => void;
  readonly onResult?: (result: StackResult) => void;
}

/** A promotion moves aliases, and the environment's release records with them. What else the code may hold is a deploy's. */
const MOVED = ['aws_lambda_alias', 'aws_ssm_parameter'];

/** Points an environment's aliases at versions, by Terraform. */
export function movedByTerraform({ stage }: StageContext, ports: MovePorts): PromotePorts['apply'] {
  return async ({ environment, running, target }, promoted) => {
    ports.onPhase?.('synthesizing');
    const kept = REGION_TYPES.flatMap((regionType) => {
      const before = running[regionType];
      if (before === undefined) return [];
      return [[regionType, { versions: versionsOf(before), pinned: { ...pinnedOf(before), ...promoted[regionType] } }]];
    });
    const versions = { [environment]: Object.fromEntries(kept) };
    const ofEnvironment = ({ kind, regionType }: SynthesizedStack) =>
      kind === environment && regionType !== undefined && running[regionType] !== undefined;
    const stacks = (await ports.synthesize()).filter(ofEnvironment);
    const variablesOf = (stack: SynthesizedStack) => stackVariables(stack, target, versions);
    const plans = await planNarrowly(ports.terraform, stacks, { stage, types: MOVED, variablesOf });
    return applyPlans(ports.terraform, plans, ports.onResult);
  };
}
