import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { handlerKey, recordedParts, replayWay } from '#contract/replay.ts';

const operation = (wanted: string): Operation => {
  const found = operations.find(({ id }) => id === wanted);
  if (found === undefined) throw new Error(`no ${wanted}`);
  return found;
};

describe('where recorded requests may be sent once more (B18)', () => {
  it.each<[string, Operation, object]>([
    ['a GET that cannot write', operation('get-user'), { to: 'live' }],
    ['a POST that is marked', operation('replace-string'), { to: 'live' }],
    ['a write to a table that preview has an own of', operation('post-user'), { to: 'preview' }],
    ['a GET that is said to be unsafe', { ...operation('get-user'), replay: { isSafe: false } }, { to: 'nowhere' }],
    ['a POST that is not marked', { ...operation('replace-string'), replay: {} }, { to: 'nowhere' }],
    [
      'a GET that writes to what preview shares',
      operation('test'),
      {
        to: 'nowhere',
        reason: 'it writes to what preview has no own of: TABLE_A_NAME, TABLE_B_NAME, DATA_BUCKET_NAME',
      },
    ],
  ])('%s', (_, of, way) => {
    expect(replayWay(of)).toMatchObject(way);
  });

  it('says by name what is recorded, of health routes and media types nothing', () => {
    expect(recordedParts(operation('post-event'))).toEqual({
      operation: 'post-event',
      path: [],
      query: [],
      headers: ['idempotency-key'],
      body: ['date', 'time', 'userId', 'eventType'],
    });
    expect(recordedParts(operation('get-user'))).toEqual({
      operation: 'get-user',
      path: ['id'],
      query: [],
      headers: [],
    });
    expect([recordedParts(operation('healthcheck')), recordedParts(operation('events-healthcheck'))]).toEqual([
      undefined,
      undefined,
    ]);
    expect(recordedParts({ ...operation('post-user'), request: { mediaType: 'image/png' } })).toBeUndefined();
    expect([handlerKey(operation('get-user')), handlerKey(operation('test'))]).toEqual(['GET', 'GET /test']);
  });
});
