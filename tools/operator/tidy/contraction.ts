import { dataLosses } from '#operator/terraform/plan/impact.ts';
import { describePlannedChange, type PlannedChange } from '#operator/terraform/plan/planned-change.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan, Terraform, Variables } from '#operator/terraform/terraform.ts';
import { TerraformError, withRemedy } from '#operator/terraform/terraform-error.ts';

/** What the stacks that environments share would lose, as neither the code nor a record names it. */
export interface Contraction {
  /** Plans that do nothing else. */
  readonly plans: readonly StackPlan[];
  /** Why others are not applied: sentences. */
  readonly remarks: readonly string[];
}

/** Kinds of the stacks that environments share, in the order in which they let go. */
export const SHARED_STACKS: readonly string[] = ['api', 'data'];

/**
 * Plans the stacks that environments share. One that has other changes is left to a deploy, which asks what a deploy asks.
 *
 * @param allowDataLoss - tables that nothing needs go, too
 */
export async function planContraction(
  terraform: Terraform,
  stacks: readonly SynthesizedStack[],
  variables: Variables,
  { stage, allowDataLoss }: { readonly stage: string; readonly allowDataLoss: boolean },
): Promise<Contraction> {
  const plans: StackPlan[] = [];
  const remarks: string[] = [];
  const planned = await Promise.all(
    stacks.map(async (stack) => {
      try {
        return { stack, plan: await terraform.plan(stack, variables) };
      } catch (error) {
        if (!(error instanceof TerraformError)) throw error;
        return { stack, problem: withRemedy(error.message, stage) };
      }
    }),
  );
  for (const { stack, plan, problem } of planned) {
    if (plan === undefined) remarks.push(`${stack.name} cannot be planned:\n  ${problem?.replaceAll('\n', '\n  ')}`);
    else if (plan.changes.length > 0) {
      const lost = allowDataLoss ? [] : dataLosses(plan.changes);
      const others = plan.changes.filter((change) => !isContraction(change));
      if (others.length > 0) {
        remarks.push(
          `${stack.name} has ${others.length} other changes, such as ${others.slice(0, 1).map(describePlannedChange).join('')}: what nothing needs of it goes with two-region deploy ${stage}.`,
        );
      } else if (lost.length > 0) {
        const lines = lost.map((change) => `  ${describePlannedChange(change)}`);
        remarks.push(
          `${stack.name} stays, as data would be lost:\n${lines.join('\n')}\nIf that is meant: two-region tidy ${stage} --allow-data-loss`,
        );
      } else plans.push(plan);
    }
  }
  return { plans, remarks };
}

/** Something goes; or the role of the IAM routes may invoke fewer of them. */
function isContraction({ action, type }: PlannedChange): boolean {
  return action === 'destroy' || (action === 'change' && type === 'aws_iam_role_policy');
}
