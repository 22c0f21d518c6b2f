import { describe, expect, it } from 'vitest';
import { parse } from 'zod/v4/core';
import { test } from '#contract/test.ts';
import { type Destinations, writeEverywhere } from '#functions/test/write-everywhere.ts';
import { inMemoryItemStore, inMemoryObjectStore } from '#tests/support/in-memory-stores.ts';

const origin = { env: 'envA', stage: 'dev', region: 'eu-central-1', regionType: 'primary' } as const;
const now = new Date('2026-01-01T00:00:00.000Z');
const mark = { writtenAt: '2026-01-01T00:00:00.000Z', env: 'envA', region: 'eu-central-1' };

function stores() {
  return { 'table-a': inMemoryItemStore(), 'table-b': inMemoryItemStore(), bucket: inMemoryObjectStore() };
}

describe('writeEverywhere (S0.9)', () => {
  it('writes who wrote and when to both tables and the bucket, and answers the ids', async () => {
    const to = stores();
    const { status, body } = await writeEverywhere(to, origin, now);
    expect(status).toBe(200);
    expect(body).toEqual({ ...origin, written: body.written });
    expect([...to['table-a'].items.values()]).toEqual([{ id: body.written['table-a'], ...mark }]);
    expect([...to['table-b'].items.values()]).toEqual([{ id: body.written['table-b'], ...mark }]);
    expect([...to.bucket.objects]).toEqual([[body.written.bucket, mark]]);
  });

  it('answers what its contract declares', async () => {
    const { body } = await writeEverywhere(stores(), origin);
    expect(parse(test.responses[200].body, body)).toEqual(body);
  });

  it('writes under new ids every time', async () => {
    const to = stores();
    await Promise.all([writeEverywhere(to, origin), writeEverywhere(to, origin)]);
    expect([to['table-a'].items.size, to['table-b'].items.size, to.bucket.objects.size]).toEqual([2, 2, 2]);
  });

  it('starts all three writes before any has ended', async () => {
    const started: string[] = [];
    let release = () => {};
    const barrier = new Promise<void>((resolve) => {
      release = resolve;
    });
    const write = (name: string) => () => {
      started.push(name);
      if (started.length === 3) release();
      return barrier;
    };
    const to: Destinations = {
      'table-a': { put: write('table-a') },
      'table-b': { put: write('table-b') },
      bucket: { putJson: write('bucket') },
    };
    await writeEverywhere(to, origin);
    expect(started).toHaveLength(3);
  });

  it.each(['table-a', 'table-b', 'bucket'] as const)(
    'names %s when it refuses, with the cause',
    async (destination) => {
      const cause = new Error('AccessDenied');
      const refuse = () => Promise.reject(cause);
      const to: Destinations = { ...stores(), [destination]: { put: refuse, putJson: refuse } };
      await expect(writeEverywhere(to, origin)).rejects.toMatchObject({
        message: `Writing to ${destination} failed.`,
        cause,
      });
    },
  );
});
