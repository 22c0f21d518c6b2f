import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { type Ask, askBoth, askPreview } from '#operator/replay/ask-environments.ts';
import { chooseRequests } from '#operator/replay/choose-requests.ts';
import { compareResponses, type ReceivedResponse, shownValue } from '#operator/replay/compare-responses.ts';
import type { RecordedRequest } from '#operator/replay/replay-place.ts';

const operationOf = (wanted: string): Operation => {
  const found = operations.find(({ id }) => id === wanted);
  if (found === undefined) throw new Error(`no ${wanted}`);
  return found;
};
const response = (body: unknown, status = 200, headers: Record<string, string> = {}): ReceivedResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const record = (changes: Partial<RecordedRequest> = {}): RecordedRequest => ({
  ...{ time: 1, operation: 'get-user', environment: 'envA', regionType: 'primary', status: 200, withheld: [] },
  ...{ path: { id: 'a1B2c3D4' }, query: {}, headers: {} },
  ...changes,
});

describe('how responses are compared (B18)', () => {
  const rules = { replay: { ignoredFields: ['at', 'Items.*.id'], comparedHeaders: ['cache-control'] } };
  it.each<[string, ReceivedResponse, ReceivedResponse, readonly string[]]>([
    ['alike', response({ a: [1, { b: null }] }), response({ a: [1, { b: null }] }), []],
    ['members in another order', response({ a: 1, b: 2 }), response({ b: 2, a: 1 }), []],
    ['ignored fields', response({ at: 1, Items: [{ id: 1 }] }), response({ at: 2, Items: [{ id: 2 }] }), []],
    [
      'a field that is ignored elsewhere',
      response({ Items: { at: 1 } }),
      response({ Items: { at: 2 } }),
      ['body Items.at'],
    ],
    ['a member more', response({ a: 1 }), response({ a: 1, c: 1 }), ['body c']],
    ['an element more', response([1]), response([1, 2]), ['body 1']],
    ['an object in the place of an array', response({ a: [] }), response({ a: {} }), ['body a']],
    ['status', response({ a: 1 }), response({ a: 2 }, 404), ['status']],
    ['request ids of refusals', response({ requestId: '1' }, 404), response({ requestId: '2' }, 404), []],
    ['request ids of others', response({ requestId: '1' }), response({ requestId: '2' }), ['body requestId']],
    ['text', response('one'), response('two'), ['body']],
    ['a compared header', response(1, 200, { 'cache-control': 'no-store' }), response(1), ['header cache-control']],
    ['another header', response(1, 200, { date: 'now' }), response(1), []],
    [
      'at most five',
      response([1, 2, 3, 4, 5, 6]),
      response([0, 0, 0, 0, 0, 0]),
      [0, 1, 2, 3, 4].map((at) => `body ${at}`),
    ],
  ])('%s', (_, from, to, found) => {
    expect(compareResponses(rules, from, to).map(({ at }) => at)).toEqual(found);
  });

  it('shows no text unless it is asked to', () => {
    expect([3, true, null, undefined, 'Ada', [1], { a: 1 }].map((value) => shownValue(value, false))).toEqual([
      ...['3', 'true', 'null', 'nothing', 'a text of 3 characters', 'an array of 1', 'an object with a'],
    ]);
    expect(shownValue('Ada', true)).toBe('"Ada"');
  });
});

describe('what a replay asks (B18)', () => {
  const user = { operation: operationOf('get-user'), record: record() };
  /** Responds what each environment has in turn, the last again and again. */
  const scripted = (script: Readonly<Record<string, readonly (ReceivedResponse | Error)[]>>) => {
    const asked: string[] = [];
    const ask: Ask = async (environment) => {
      const own = script[environment] ?? [];
      const next = own[Math.min(asked.filter((each) => each === environment).length, own.length - 1)];
      asked.push(environment);
      if (next instanceof Error || next === undefined) throw next;
      return next;
    };
    return { ask, asked };
  };
  const [old, changed] = [response({ name: 'Ada' }), response({ name: 'Bob' })];
  it.each<[string, Parameters<typeof scripted>[0], object]>([
    ['what is alike at once', { envA: [old], envB: [old] }, { kind: 'equal' }],
    ['what was written in between', { envA: [old, changed], envB: [changed] }, { kind: 'equal' }],
    [
      'what differs each time',
      { envA: [old], envB: [changed] },
      { kind: 'different', differences: [{ at: 'body name' }] },
    ],
    ['what changes by itself', { envA: [old, changed, old, changed], envB: [response({})] }, { kind: 'unsteady' }],
    [
      'an idle environment that does not answer',
      { envA: [old], envB: [new Error('timed out')] },
      { kind: 'different' },
    ],
    ['a live one that does not answer', { envA: [new Error('timed out')], envB: [old] }, { kind: 'unanswered' }],
    ['a limit', { envA: [old], envB: [response({}, 429)] }, { kind: 'throttled' }],
    ['a limit that passes', { envA: [old], envB: [response({}, 429), old] }, { kind: 'equal' }],
    [
      'what both refuse to whoever replays',
      { envA: [response({}, 403)], envB: [response({}, 403)] },
      { kind: 'refused' },
    ],
  ])('tells %s', async (_, script, verdict) => {
    expect(await askBoth(user, ['envA', 'envB'], scripted(script).ask, 0)).toMatchObject(verdict);
  });

  it('asks three times before it says that something differs, and the live one once more', async () => {
    const { ask, asked } = scripted({ envA: [old], envB: [changed] });
    await askBoth(user, ['envA', 'envB'], ask, 0);
    expect(asked).toEqual(['envA', 'envB', 'envA', 'envB', 'envA', 'envB', 'envA']);
  });

  it.each([
    [200, response('other'), 'equal'],
    [200, response('', 500), 'different'],
    [200, response('', 409), 'equal'],
    [400, response('', 200), 'different'],
    [200, response('', 429), 'throttled'],
    [409, response('other'), 'equal'],
    [409, response('', 500), 'different'],
    [404, response('', 429), 'throttled'],
  ])('holds nothing but the status against preview: %s and %o are %s', async (status, received, kind) => {
    const { ask } = scripted({ preview: [received] });
    expect(await askPreview({ record: record({ status }) }, 'preview', ask, 0)).toMatchObject({ kind });
  });
});

describe('which requests a replay sends (B18)', () => {
  const nothing = { share: 1, previewProblem: () => undefined, identityProblem: () => undefined };
  const users = Array.from({ length: 40 }, (_, at) => record({ time: at, path: { id: `user${at}xyz` } }));

  it('sends what is alike once, and of each operation a share, one at least', () => {
    const replaced = record({ time: 100, operation: 'replace-string', path: {}, body: { content: 'one' } });
    const all = [...users, ...users.map((each) => ({ ...each, time: each.time + 50 })), replaced];
    const { chosen, different } = chooseRequests(operations, all, { ...nothing, share: 0.1 });
    expect(different).toBe(41);
    expect(chosen.map(({ record: { time } }) => time)).toEqual([59, 69, 79, 89, 100]);
  });

  it('says what it does not send, and why', () => {
    const records = [
      record({ operation: 'gone' }),
      record({ withheld: ['token'] }),
      record({ operation: 'test', path: {} }),
      record({ operation: 'post-user', body: { name: 'Ada' } }),
      record({ operation: 'post-user', body: { name: 'Bob' } }),
      record({ operation: 'list-events', path: {} }),
    ];
    const { chosen, skipped } = chooseRequests(operations, records, {
      share: 1,
      previewProblem: () => 'preview runs other code',
      identityProblem: ({ auth }) => (auth === 'iam' ? 'no credentials' : undefined),
    });
    expect(chosen).toEqual([]);
    expect(skipped.map(({ operation, requests, reason }) => `${operation} ${requests}: ${reason}`)).toEqual([
      'get-user 1: what it sent is not in the record: token',
      'gone 1: the contract of this working tree has no such operation',
      'list-events 1: no credentials',
      'post-user 2: preview runs other code',
      'test 1: it writes to what preview has no own of: TABLE_A_NAME, TABLE_B_NAME, DATA_BUCKET_NAME',
    ]);
  });
});
