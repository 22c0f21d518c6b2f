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
