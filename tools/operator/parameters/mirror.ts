import { errorReason } from '#functions/error-reason.ts';
import { parameterCatalogue } from '#stacks/settings/parameters.ts';
import type { ParameterStore } from './ssm-store.ts';

/** What became of one parameter in one region. `left out`: the command was told to work without the region. */
export type Written =
  | { readonly outcome: 'left out' | 'unchanged' | 'written' }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Sets a parameter unless it has the value. @param current - what the region holds */
export async function writeChanged(
  store: ParameterStore,
  current: ReadonlyMap<string, string>,
  name: string,
  value: string,
): Promise<'unchanged' | 'written'> {
  if (current.get(name) === value) return 'unchanged';
  await store.write(name, value, parameterCatalogue[name]?.description ?? name);
  return 'written';
}

/**
 * Gives the secondary region the values of the primary. What fails there is reported, not thrown: the primary region, where parameters are
 * set, must not depend on it.
 */
export async function mirror(
  secondary: ParameterStore,
  values: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Written>> {
  const results = new Map<string, Written>();
  const failed = (error: unknown): Written => ({ outcome: 'failed', reason: errorReason(error) });
  try {
    const current = await secondary.readAll();
    for (const [name, value] of values) {
      const written = writeChanged(secondary, current, name, value);
      results.set(name, await written.then((outcome) => ({ outcome }), failed));
    }
  } catch (error) {
    for (const name of values.keys()) results.set(name, failed(error));
  }
  return results;
}
