import { setTimeout as sleep } from 'node:timers/promises';
import { passingError } from './passing-errors.ts';
import { type ChangeCounts, countChanges } from './plan/planned-change.ts';
import type { Step } from './stack-order.ts';
import type { SynthesizedStack } from './synthesized-stack.ts';
import type { StackPlan, Terraform, Variables } from './terraform.ts';
import { TerraformError } from './terraform-error.ts';

/** What became of a stack. */
export interface StackResult {
  readonly stack: string;
  readonly outcome: 'applied' | 'failed' | 'not run' | 'unchanged';
  /** What was planned. `undefined` when there is no plan. */
  readonly changes?: ChangeCounts;
  readonly seconds: number;
  /** Why it failed, in Terraform's words. */
  readonly problem?: string;
  /** How often it was tried, as AWS's error passes. @default 1 */
  readonly tries?: number;
}

export interface StepHooks {
  readonly variablesOf: (stack: SynthesizedStack) => Variables;
  /** Why a plan must not be applied. @default - every plan is applied */
  readonly objection?: (plan: StackPlan) => Promise<string | undefined>;
  /** What must hold besides once a stack is as it was planned. @returns why it doesn't */
  readonly afterwards?: (stack: SynthesizedStack) => Promise<string | undefined>;
  /** Hears that a stack is planned and applied again, as AWS's error passes. */
  readonly onWait?: (stack: SynthesizedStack, cause: string, seconds: number) => void;
  /** @default - that many seconds, or until `signal` is aborted */
  readonly wait?: (seconds: number) => Promise<void>;
  readonly onPlan?: (plan: StackPlan) => void;
  readonly onResult?: (result: StackResult) => void;
  /** Aborted: no other stack is begun. */
  readonly signal?: AbortSignal;
}

/**
 * Plans and applies stacks step by step, those of a step at the same time. After a failure the other stacks of the same step are finished,
 * and nothing else is begun.
 *
 * @returns one result per stack, in order; it throws only what isn't Terraform's
 */
export async function applySteps(
  terraform: Terraform,
  steps: readonly Step[],
  hooks: StepHooks,
): Promise<readonly StackResult[]> {
  const results: StackResult[] = [];
  for (const step of steps) {
    const ends = hooks.signal?.aborted || results.some(({ outcome }) => outcome === 'failed');
    const run = (stack: SynthesizedStack) => (ends ? notRun(stack) : applyStack(terraform, stack, hooks));
    results.push(...(await Promise.all(step.map(run))));
  }
  return results;
}

function notRun({ name }: SynthesizedStack): StackResult {
  return { stack: name, outcome: 'not run', seconds: 0 };
}

async function applyStack(terraform: Terraform, stack: SynthesizedStack, hooks: StepHooks): Promise<StackResult> {
  const start = performance.now();
  let changes: ChangeCounts | undefined;
  let tries = 1;
  const result = (outcome: StackResult['outcome'], problem?: string): StackResult => {
    const seconds = (performance.now() - start) / 1000;
    const made = {
      stack: stack.name,
      outcome,
      seconds,
      ...(changes && { changes }),
      ...(problem && { problem }),
      ...(tries > 1 && { tries }),
    };
    hooks.onResult?.(made);
    return made;
  };
  const settled = async (outcome: 'applied' | 'unchanged'): Promise<StackResult> => {
    const problem = await hooks.afterwards?.(stack);
    return problem === undefined ? result(outcome) : result('failed', problem);
  };
  const attempt = async (): Promise<StackResult> => {
    const plan = await terraform.plan(stack, hooks.variablesOf(stack));
    changes = countChanges(plan.changes);
    hooks.onPlan?.(plan);
    if (plan.isEmpty) return settled('unchanged');
    const objection = await hooks.objection?.(plan);
    if (objection !== undefined) return result('failed', objection);
    await terraform.apply(plan);
    return settled('applied');
  };
  for (; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TerraformError)) throw error;
      const passing = hooks.signal?.aborted ? undefined : passingError(error.message, tries);
      if (passing === undefined) return result('failed', error.message);
      hooks.onWait?.(stack, passing.cause, passing.seconds);
      await (hooks.wait ?? waiting(hooks.signal))(passing.seconds);
      if (hooks.signal?.aborted) return result('failed', error.message);
    }
  }
}

function waiting(signal: AbortSignal | undefined): (seconds: number) => Promise<void> {
  return (seconds) => sleep(seconds * 1000, undefined, { ...(signal && { signal }) }).catch(() => undefined);
}
