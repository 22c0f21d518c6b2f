import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RecordedParts } from '#contract/replay.ts';
import { recorderOf, recordOf, type SeenRequest } from '#functions/http/request-record.ts';

const parts: RecordedParts = {
  operation: 'put-account',
  path: ['id'],
  query: ['page', 'token'],
  headers: ['authorization', 'if-match'],
  body: ['name', 'login'],
};
const sent: Readonly<Record<string, string>> = { authorization: 'Bearer s3cret', cookie: 's3cret', 'if-match': '"7"' };
const seen: SeenRequest = {
  environment: 'envA',
  path: { id: '42' },
  query: { page: '2', token: 's3cret', tracker: 's3cret' },
  header: (name) => sent[name],
  body: () => ({ name: 'Ada', login: { Password: 's3cret', kind: 'own' }, other: 's3cret' }),
  status: 200,
};

describe('what is recorded of a request (B18)', () => {
  it('is what the contract declares, without credentials and what settings call secret, whose names are told', () => {
    const record = recordOf(parts, seen, ['token', 'password']);
    expect(record).toEqual({
      time: expect.any(Number),
      operation: 'put-account',
      environment: 'envA',
      path: { id: '42' },
      query: { page: '2' },
      headers: { 'if-match': '"7"' },
      body: { name: 'Ada', login: { Password: 'withheld', kind: 'own' } },
      status: 200,
      withheld: ['token', 'authorization', 'Password'],
    });
    expect(JSON.stringify(record)).not.toContain('s3cret');
  });

  it('is no body that is too long, or none', () => {
    const long = recordOf(parts, { ...seen, body: () => ({ name: 'a'.repeat(20_000) }) }, []);
    expect([long.body, long.withheld]).toEqual([undefined, ['authorization', 'body']]);
    const broken = recordOf(parts, { ...seen, body: () => JSON.parse('{') }, []);
    expect([broken.body, broken.withheld]).toEqual([undefined, ['authorization', 'body']]);
    const deep = () => JSON.parse(`{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    const nested = recordOf(parts, { ...seen, body: deep }, []);
    expect([nested.body, nested.withheld]).toEqual([undefined, ['authorization', 'body']]);
    for (const undeclared of [['s3cret'], 's3cret']) {
      const other = recordOf(parts, { ...seen, body: () => undeclared }, []);
      expect([other.body, other.withheld]).toEqual([undefined, ['authorization', 'body']]);
    }
    const { body: _, ...none } = parts;
    expect(recordOf(none, seen, [])).not.toHaveProperty('body');
  });
});

describe('the lines that a function writes of its requests (B18)', () => {
  afterEach(() => vi.restoreAllMocks());
  const variable = (percent: number) => JSON.stringify({ percent, secrets: ['token'], routes: { 'PUT /a': parts } });

  it('are none unless settings want them, none of other routes, and none of a replay', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
    recorderOf(undefined)('PUT /a', seen);
    recorderOf(variable(100))('GET /b', seen);
    recorderOf(variable(100))('PUT /a', {
      ...seen,
      header: (name) => (name === 'x-two-region-replay' ? '1' : undefined),
    });
    recorderOf(variable(5), () => 0.05)('PUT /a', seen);
    expect(log).not.toHaveBeenCalled();
  });

  it('name the environment, as CloudWatch Logs is asked for it', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
    recorderOf(variable(5), () => 0.049)('PUT /a', seen);
    expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toMatchObject({
      environment: 'envA',
      recorded: { operation: 'put-account', environment: 'envA', withheld: ['token', 'authorization'] },
    });
  });
});
