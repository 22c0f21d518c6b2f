import { RefusedError } from '#operator/cli/errors.ts';
import type { StageContext } from '#stacks/context.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import { optionalStacks, stackNames } from '#stacks/settings/stack-names.ts';
import type { SynthesizedStack } from './synthesized-stack.ts';

/**
 * Finds stacks by what an operator calls them: `envA-primary`, `dev-envA-primary`, or `envA` for both regions.
 *
 * @throws RefusedError with every word that names none
 */
export function selectStacks<Stack extends NamedStack>(
  stacks: readonly Stack[],
  words: readonly string[],
): readonly Stack[] {
  const isNamed = (stack: Stack, word: string) => [stack.name, stack.id, stack.kind].includes(word);
  const unknown = words.filter((word) => !stacks.some((stack) => isNamed(stack, word)));
  if (unknown.length > 0) {
    const names = stacks.map(({ name }) => name);
    const lines = unknown.map((word) => `There is no stack ${JSON.stringify(word)}.${didYouMean(word, names)}`);
    throw new RefusedError(`${lines.join('\n')}\nStacks: ${names.join(', ')}; without a region, both regions.`);
  }
  return stacks.filter((stack) => words.some((word) => isNamed(stack, word)));
}

type NamedStack = Pick<SynthesizedStack, 'id' | 'kind' | 'name'>;

/** Every stack that a stage has by its settings, before anything is synthesized. */
export function declaredStacks({ settings, stage }: StageContext): readonly NamedStack[] {
  return stackNames(settings.apiEnvironments, optionalStacks(settings)).map((name) => ({
    id: `${stage}-${name}`,
    name,
    kind: name.replace(/-(primary|secondary)$/, ''),
  }));
}

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
