import { errorReason } from '#functions/error-reason.ts';
import { inOrder, type Step } from '#operator/terraform/stack-order.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import { TerraformError } from '#operator/terraform/terraform-error.ts';
import type { HeldStack } from './held-stacks.ts';

/** What became of a stack. */
export interface DestroyResult {
  readonly stack: string;
  readonly outcome: 'destroyed' | 'failed' | 'not run';
  /** How many resources it had. */
  readonly resources: number;
  readonly seconds: number;
  /** Why it failed, in Terraform's words. */
  readonly problem?: string;
}

interface DestroyHooks {
  /** What must go before Terraform can destroy a stack: protection of its data. */
  readonly prepare?: (stack: HeldStack) => Promise<void>;
  readonly onResult?: (result: DestroyResult) => void;
  /** Aborted: no other stack is begun. */
  readonly signal?: AbortSignal;
}

/** Whoever reads a stack goes before it. */
export function inReverse(stacks: readonly SynthesizedStack[]): readonly Step[] {
  return inOrder(stacks).toReversed();
}

/**
 * Destroys stacks step by step, those of a step at the same time. After a failure the other stacks of the same step are finished, and nothing
 * else is begun.
 *
 * @param held - what the stacks have; one that has nothing is passed over
 * @returns one result per stack that had something, in order; it throws only what isn't Terraform's or the data's
 */
export async function destroySteps(
  terraform: Terraform,
  steps: readonly Step[],
  held: readonly HeldStack[],
  hooks: DestroyHooks,
): Promise<readonly DestroyResult[]> {
  const results: DestroyResult[] = [];
  for (const step of steps) {
    const ends = hooks.signal?.aborted || results.some(({ outcome }) => outcome === 'failed');
    const run = async (stack: SynthesizedStack): Promise<DestroyResult[]> => {
      const has = held.find(({ id }) => id === stack.id);
      if (has === undefined) return [];
      if (ends) return [{ stack: stack.name, outcome: 'not run', resources: has.resources, seconds: 0 }];
      return [await destroyStack(terraform, stack, has, hooks)];
    };
    results.push(...(await Promise.all(step.map(run))).flat());
  }
  return results;
}

async function destroyStack(
  terraform: Terraform,
  stack: SynthesizedStack,
  held: HeldStack,
  { prepare, onResult }: DestroyHooks,
): Promise<DestroyResult> {
  const start = performance.now();
  const ended = (outcome: DestroyResult['outcome'], problem?: string): DestroyResult => {
    const seconds = (performance.now() - start) / 1000;
    const result = {
      stack: stack.name,
      outcome,
      resources: held.resources,
      seconds,
      ...(problem !== undefined && { problem }),
    };
    onResult?.(result);
    return result;
  };
  try {
    await prepare?.(held);
  } catch (error) {
    return ended('failed', errorReason(error));
  }
  try {
    await terraform.destroy(stack);
    return ended('destroyed');
  } catch (error) {
    if (!(error instanceof TerraformError)) throw error;
    return ended('failed', error.message);
  }
}
