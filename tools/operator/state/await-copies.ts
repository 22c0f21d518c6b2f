import { setTimeout as sleep } from 'node:timers/promises';
import type { StateStore } from './state-store.ts';

/** S3 Replication Time Control copies 99.99 % of what is written within 15 min (Amazon S3 User Guide); most of it arrives in seconds. */
const PATIENCE = { whole: 15 * 60_000, pause: 2000 } as const;

/** What became of the copies of states that were written. Names are those of the states' stacks' keys. */
export interface CopiesReport {
  /** How many have arrived in the other region. */
  readonly arrived: number;
  /** S3 is not through with them. */
  readonly pending: readonly string[];
  /** S3 could not copy them. */
  readonly failed: readonly string[];
  /** How long they were waited for. */
  readonly seconds: number;
}

/**
 * Waits until S3 has copied states to the other region. A state of which S3 says nothing is copied by no rule, which `state verify` tells of: it is not
 * waited for.
 *
 * @param store - that is copied from
 * @param keys - of the states
 */
export async function awaitCopies(
  store: Pick<StateStore, 'read'>,
  keys: readonly string[],
  { whole, pause }: { readonly whole: number; readonly pause: number } = PATIENCE,
): Promise<CopiesReport> {
  const begun = performance.now();
  const failed: string[] = [];
  let arrived = 0;
  let open = keys;
  for (;;) {
    const pending: string[] = [];
    for (const key of open) {
      const { replication } = await store.read(key);
      if (replication === 'PENDING') pending.push(key);
      else if (replication === 'FAILED') failed.push(key);
      else if (replication !== undefined) arrived += 1;
    }
    open = pending;
    const took = performance.now() - begun;
    if (open.length === 0 || took >= whole) {
      return { arrived, pending: open, failed, seconds: Math.round(took) / 1000 };
    }
    await sleep(pause);
  }
}

/** @returns nothing where S3 said nothing of any copy */
export function describeCopies({ arrived, pending, failed, seconds }: CopiesReport, stage: string): string | undefined {
  const lines = [
    ...(arrived === 0 ? [] : [`${arrived} states have arrived in the other region, after ${Math.round(seconds)} s.`]),
    ...(pending.length === 0 ? [] : [`Not copied yet, after ${Math.round(seconds)} s: ${pending.join(', ')}.`]),
    ...(failed.length === 0 ? [] : [`S3 could not copy ${failed.join(', ')}.`]),
  ];
  if (pending.length + failed.length > 0) lines.push(`Look again: two-region state verify ${stage}`);
  return lines.length === 0 ? undefined : lines.join('\n');
}
