import type { StackResult } from '#operator/terraform/apply-steps.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan, Terraform, Variables } from '#operator/terraform/terraform.ts';
import { TerraformError, withRemedy } from '#operator/terraform/terraform-error.ts';
import { countChanges, describePlannedChange, type PlannedChange } from './planned-change.ts';

/** A change of a few kinds of resources, and of nothing else that may be waiting in the code. */
export interface NarrowChange {
  readonly stage: string;
  /** Types of the resources that it is about: `aws_lambda_alias`. */
  readonly types: readonly string[];
  readonly variablesOf: (stack: SynthesizedStack) => Variables;
}

/**
 * Plans stacks, all of them before one is applied.
 *
 * @throws TerraformError that names every plan which failed or would change something else
 */
export async function planNarrowly(
  terraform: Terraform,
  stacks: readonly SynthesizedStack[],
  change: NarrowChange,
): Promise<readonly StackPlan[]> {
  const outcomes = await Promise.all(
    stacks.map(async (stack) => {
      try {
        const plan = await terraform.plan(stack, change.variablesOf(stack));
        return { plan, problem: otherChanges(plan, change.stage, ({ type }) => change.types.includes(type)) };
      } catch (error) {
        if (!(error instanceof TerraformError)) throw error;
        return { problem: `${stack.name}: ${withRemedy(error.message, change.stage)}` };
      }
    }),
  );
  const problems = outcomes.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new TerraformError(`Nothing was applied.\n${problems.join('\n')}`);
  return outcomes.flatMap(({ plan }) => plan ?? []);
}

/**
 * Why a plan that does more than is meant is not to be applied, and what to do first.
 *
 * @returns `undefined` for a plan that does nothing else
 */
export function otherChanges(
  { stack, changes }: StackPlan,
  stage: string,
  isMeant: (change: PlannedChange) => boolean,
): string | undefined {
  const others = changes.filter((change) => !isMeant(change));
  if (others.length === 0) return undefined;
  return [
    `${stack.name} has other changes, which must be deployed first:`,
    ...others.map((change) => `  ${describePlannedChange(change)}`),
    `See them: two-region diff ${stage} ${stack.name}. Deploy them: two-region deploy ${stage} --stack ${stack.name}`,
  ].join('\n');
}

/** Applies plans at the same time. @returns one result per plan; it throws only what isn't Terraform's */
export function applyPlans(
  terraform: Terraform,
  plans: readonly StackPlan[],
  onResult?: (result: StackResult) => void,
): Promise<readonly StackResult[]> {
  return Promise.all(
    plans.map(async (plan) => {
      const start = performance.now();
      const ended = (outcome: StackResult['outcome'], problem?: string): StackResult => {
        const seconds = (performance.now() - start) / 1000;
        const changes = countChanges(plan.changes);
        const result = { stack: plan.stack.name, outcome, changes, seconds, ...(problem !== undefined && { problem }) };
        onResult?.(result);
        return result;
      };
      if (plan.isEmpty) return ended('unchanged');
      try {
        await terraform.apply(plan);
        return ended('applied');
      } catch (error) {
        if (!(error instanceof TerraformError)) throw error;
        return ended('failed', error.message);
      }
    }),
  );
}
