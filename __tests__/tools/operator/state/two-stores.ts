import { stateLocation } from '#stacks/terraform/state-location.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { type MemoryStateStore, memoryStateStore, putState } from './memory-store.ts';

export const DATA = 'dev/dev-data.tfstate';
export const API = 'dev/dev-api-primary.tfstate';

/** A stage of two states, the second of which reads from the first, copied to the second region as S3 does: objects without digests. */
export function twoStores(): { readonly primary: MemoryStateStore; readonly secondary: MemoryStateStore } {
  const primary = memoryStateStore(stateLocation(context, 'primary'));
  const secondary = memoryStateStore(stateLocation(context, 'secondary'));
  putState(primary, DATA, { serial: 3 });
  putState(primary, API, { serial: 5, reads: [DATA] });
  for (const [key, body] of primary.objects) secondary.objects.set(key, body);
  return { primary, secondary };
}
