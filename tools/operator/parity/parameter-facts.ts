import { parameterCatalogue } from '../../../stacks/settings/parameters.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { Fact } from './fact.ts';
import { secretValue } from './secret-value.ts';

/** The stage's parameters; of those that are secret, or unknown, only fingerprints. */
export async function parameterFacts(store: ParameterStore): Promise<readonly Fact[]> {
  return [...(await store.readAll())].map(([name, value]) => ({
    kind: 'parameter',
    name,
    value: parameterCatalogue[name]?.secret === false ? value : secretValue(value),
  }));
}
