import type { StateStores } from './state-store.ts';

/**
 * Copies the states that were there before S3 was told to copy: it does so with what is written from then on. A state that has a copy is
 * left alone.
 *
 * Source: Amazon S3 User Guide, "Replicating existing objects".
 *
 * @returns how many were copied
 */
export async function copyEarlierStates({ primary, secondary }: StateStores): Promise<number> {
  const copied = new Set(await secondary.keys());
  const missing = ((await primary.keys()) ?? []).filter((key) => !copied.has(key));
  for (const key of missing) {
    const { body } = await primary.read(key);
    await secondary.writeIfAbsent(key, body);
  }
  return missing.length;
}
