import { randomUUID } from 'node:crypto';
import type { ResponseOf } from '#contract/response.ts';
import type { test } from '#contract/test.ts';
import type { ItemStore } from '#functions/ports/item-store.ts';
import type { ObjectStore } from '#functions/ports/object-store.ts';

/** Everything that replicates between the regions. */
export interface Destinations {
  readonly 'table-a': Pick<ItemStore, 'put'>;
  readonly 'table-b': Pick<ItemStore, 'put'>;
  readonly bucket: Pick<ObjectStore, 'putJson'>;
}

/** Who writes. */
export interface Origin {
  readonly env: string;
  readonly stage: string;
  readonly region: string;
  readonly regionType: 'primary' | 'secondary';
}

/**
 * Writes an item to both tables and an object to the bucket, all three at once, each saying when and by whom it was written.
 *
 * @throws Error naming the first destination that refused; the others may have been written
 */
export async function writeEverywhere(
  to: Destinations,
  origin: Origin,
  now: Date = new Date(),
): Promise<ResponseOf<typeof test>> {
  const mark = { writtenAt: now.toISOString(), env: origin.env, region: origin.region };
  const written = { 'table-a': randomUUID(), 'table-b': randomUUID(), bucket: `test/${randomUUID()}.json` };
  await Promise.all([
    named('table-a', to['table-a'].put({ id: written['table-a'], ...mark })),
    named('table-b', to['table-b'].put({ id: written['table-b'], ...mark })),
    named('bucket', to.bucket.putJson(written.bucket, mark)),
  ]);
  return { status: 200, body: { ...origin, written } };
}

async function named(destination: keyof Destinations, write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (cause) {
    throw new Error(`Writing to ${destination} failed.`, { cause });
  }
}
