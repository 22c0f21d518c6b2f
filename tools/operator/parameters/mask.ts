import { parameterCatalogue } from '#stacks/settings/parameters.ts';

/** Says nothing of the value, not even its length. */
const MASK = '********';

/** A value as it is shown: masked if it is a secret, or unknown, and `reveal` is not asked for. */
export function shownValue(name: string, value: string, { reveal }: { readonly reveal: boolean }): string {
  return reveal || parameterCatalogue[name]?.secret === false ? value : MASK;
}
