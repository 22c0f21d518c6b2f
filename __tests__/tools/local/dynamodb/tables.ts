import type { Table } from '#local/model/model.ts';

const arn = (name: string) => `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`;

/** Global, key `id`. */
export const TABLE_A: Table = {
  name: 'table-a',
  arn: arn('table-a'),
  hashKey: 'id',
  attributes: [{ name: 'id', type: 'S' }],
  global: true,
};

/** Global, key `date` and `time`. */
export const EVENTS: Table = {
  name: 'events',
  arn: arn('events'),
  hashKey: 'date',
  rangeKey: 'time',
  attributes: [
    { name: 'date', type: 'S' },
    { name: 'time', type: 'N' },
  ],
  global: true,
};

/** Stays in its region. */
export const REGIONAL: Table = { ...TABLE_A, name: 'regional', arn: arn('regional'), global: false };

/** Global, key `pk` and `sk`, with an index of each kind. */
export const INDEXED: Table = {
  name: 'indexed',
  arn: arn('indexed'),
  hashKey: 'pk',
  rangeKey: 'sk',
  attributes: ['pk', 'sk', 'owner', 'state'].map((name) => ({ name, type: 'S' })),
  global: true,
  replicaRegions: ['eu-west-1'],
  globalIndexes: [
    { name: 'by-owner', hashKey: 'owner', rangeKey: 'sk', projection: { type: 'ALL', attributes: [] } },
    { name: 'by-state', hashKey: 'state', projection: { type: 'KEYS_ONLY', attributes: [] } },
  ],
  localIndexes: [
    { name: 'local', hashKey: 'pk', rangeKey: 'state', projection: { type: 'INCLUDE', attributes: ['a'] } },
  ],
};
