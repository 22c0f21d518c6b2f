import { didYouMean } from '../../../stacks/settings/suggestion.ts';
import { RefusedError } from '../cli/errors.ts';
import type { SynthesizedStack } from './synthesized-stack.ts';

/**
 * Finds stacks by what an operator calls them: `envA-primary`, `dev-envA-primary`, or `envA` for both regions.
 *
 * @throws RefusedError with every word that names none
 */
export function selectStacks(
  stacks: readonly SynthesizedStack[],
  words: readonly string[],
): readonly SynthesizedStack[] {
  const isNamed = (stack: SynthesizedStack, word: string) => [stack.name, stack.id, stack.kind].includes(word);
  const unknown = words.filter((word) => !stacks.some((stack) => isNamed(stack, word)));
  if (unknown.length > 0) {
    const names = stacks.map(({ name }) => name);
    const lines = unknown.map((word) => `There is no stack ${JSON.stringify(word)}.${didYouMean(word, names)}`);
    throw new RefusedError(`${lines.join('\n')}\nStacks: ${names.join(', ')}; without a region, both regions.`);
  }
  return stacks.filter((stack) => words.some((word) => isNamed(stack, word)));
}
