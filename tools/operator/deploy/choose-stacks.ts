import { selectStacks } from '../terraform/select-stacks.ts';
import type { SynthesizedStack } from '../terraform/synthesized-stack.ts';

/** Stacks that an operator names. */
export interface StackChoice {
  /** These, with the stacks that they depend on. @default - all, but for the environments that aren't deployed to */
  readonly stacks?: readonly string[];
  /** Exactly these. @default - as `stacks` says */
  readonly only?: readonly string[];
}

/**
 * The stacks that are named; `undefined` where none is.
 *
 * @param live - environment that receives live traffic: its stacks are applied when they are named, never because another depends on them
 * @throws RefusedError for names that aren't known
 */
export function namedStacks(
  all: readonly SynthesizedStack[],
  { stacks, only }: StackChoice,
  live: string | undefined,
): readonly SynthesizedStack[] | undefined {
  if (only !== undefined) return selectStacks(all, only);
  return stacks && withDependencies(all, selectStacks(all, stacks), live);
}

function withDependencies(
  all: readonly SynthesizedStack[],
  named: readonly SynthesizedStack[],
  live: string | undefined,
): readonly SynthesizedStack[] {
  const chosen = new Set(named);
  // A set that grows while it is walked through is walked through to its end.
  for (const { dependencies } of chosen) {
    for (const stack of all) {
      if (dependencies.includes(stack.name) && stack.kind !== live) chosen.add(stack);
    }
  }
  return [...chosen];
}
