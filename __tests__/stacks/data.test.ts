import { describe, expect, it } from 'vitest';
import { safeParse } from 'zod/v4/core';
import { writeEverywhere } from '#functions/test/write-everywhere.ts';
import { storedItems } from '#stacks/data.ts';
import { inMemoryItemStore, inMemoryObjectStore } from '#tests/support/in-memory-stores.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the data stack (S0.8)', async () => {
  const data = (await synthesizeStage())('data');
  const tables = data.resources('aws_dynamodb_table');

  it('declares every table with a replica in the secondary region, by its owner', () => {
    expect(tables.map((table) => table.name)).toEqual([
      'two-region-api-dev-event-log',
      'two-region-api-dev-heartbeat',
      'two-region-api-dev-preview-event-log',
      'two-region-api-dev-preview-user',
      'two-region-api-dev-table-a',
      'two-region-api-dev-table-b',
      'two-region-api-dev-user',
    ]);
    for (const table of tables) {
      expect(table.replica).toEqual([{ point_in_time_recovery: true, propagate_tags: true, region_name: 'eu-west-1' }]);
    }
    expect(data.parsed.provider).toMatchObject({
      aws: [{ region: 'eu-central-1' }, { alias: 'secondary', region: 'eu-west-1' }],
    });
  });

  it('makes them on-demand, encrypted, recoverable, with streams of both images', () => {
    for (const table of tables) {
      expect(table).toMatchObject({
        billing_mode: 'PAY_PER_REQUEST',
        server_side_encryption: { enabled: true },
        point_in_time_recovery: { enabled: true },
        stream_enabled: true,
        stream_view_type: 'NEW_AND_OLD_IMAGES',
      });
    }
  });

  it('keys table-a and table-b by id, the event log by date and time (S2.1)', () => {
    const keys = Object.fromEntries(tables.map((table) => [table.name, [table.hash_key, table.range_key]]));
    expect(keys['two-region-api-dev-table-a']).toEqual(['id', undefined]);
    expect(keys['two-region-api-dev-table-b']).toEqual(['id', undefined]);
    expect(keys['two-region-api-dev-event-log']).toEqual(['date', 'time']);
  });

  it('protects tables from deletion in every stage but dev', async () => {
    const prod = (await synthesizeStage('prod'))('data').resources('aws_dynamodb_table');
    expect(tables.map((table) => table.deletion_protection_enabled)).toEqual(tables.map(() => false));
    expect(prod.map((table) => table.deletion_protection_enabled)).toEqual(tables.map(() => true));
  });
});

describe('what the items of a table are (B28)', () => {
  it('has a schema for every table but those of the environment preview', () => {
    expect(Object.keys(storedItems).sort()).toEqual(['event-log', 'table-a', 'table-b', 'user']);
  });

  it('is what GET /test writes', async () => {
    const to = { 'table-a': inMemoryItemStore(), 'table-b': inMemoryItemStore(), bucket: inMemoryObjectStore() };
    await writeEverywhere(to, { env: 'envA', stage: 'dev', region: 'eu-central-1', regionType: 'primary' });
    for (const table of ['table-a', 'table-b'] as const) {
      const [item] = to[table].items.values();
      const schema = storedItems[table];
      expect(schema && safeParse(schema, item)).toMatchObject({ success: true });
    }
  });
});
