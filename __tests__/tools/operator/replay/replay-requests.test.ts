import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pc from 'picocolors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import type { LiveEnvironment } from '#operator/live/live-region.ts';
import { describeReplay } from '#operator/replay/describe-replay.ts';
import type { RecordedRequest, ReplayPlace } from '#operator/replay/replay-place.ts';
import { type ReplayOptions, replayRequests } from '#operator/replay/replay-requests.ts';

/** One server for all environments, whose names stand in front of the path. */
let server: Server;
let statusOf: (environment: string) => number;
let asked: { readonly path: string; readonly mark: unknown; readonly at: number }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, environment = ''] = (request.url ?? '').split('/');
    asked.push({ path: request.url ?? '', mark: request.headers['x-two-region-replay'], at: performance.now() });
    response.writeHead(statusOf(environment), { 'content-type': 'application/json' }).end('{"name":"Ada"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());
beforeEach(() => {
  statusOf = () => 200;
  asked = [];
});

const environment = (name: string, codeSha256 = 'new'): LiveEnvironment => {
  const live = { version: '1', codeSha256, modified: new Date(0) };
  return { name, stages: {}, functions: { user: live }, hash: '', time: new Date(0) };
};
const records: readonly RecordedRequest[] = Array.from({ length: 20 }, (_, at) => ({
  ...{ time: at, operation: 'get-user', environment: 'envA', regionType: 'primary', status: 200, withheld: [] },
  ...{ path: { id: `user${at}xyz` }, query: {}, headers: {} },
}));
const place = (changes: Partial<ReplayPlace> = {}): ReplayPlace => ({
  stage: 'dev',
  flags: '',
  environments: ['envA', 'envB'],
  target: async () => 'envA',
  records: async () => ({ records, remarks: ['one group could not be read'] }),
  deployed: async () => [environment('envA', 'old'), environment('envB'), environment('preview')],
  targetOf: async (_, { env }) => ({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${env}` }),
  secrets: ['name'],
  howToRecord: 'Record some.',
  ...changes,
});
const replay = (of: ReplayPlace, options: Partial<ReplayOptions> = {}) =>
  replayRequests(of, operations, {
    ...{ from: 'envA', to: 'envB', since: 0, perSecond: 1000, hasToken: false, pauseMilliseconds: 0 },
    ...options,
  });

describe('a replay (B18)', () => {
  it('marks what it sends, all by one run, at the pace that is allowed', async () => {
    const report = await replay(place(), { perSecond: 100, share: 0.5 });
    expect(report).toMatchObject({
      requests: { recorded: 20, different: 20, sent: 10 },
      isDifferent: false,
      remarks: ['one group could not be read'],
    });
    expect(new Set(asked.map(({ mark }) => mark)).size).toBe(1);
    expect(asked[0]?.mark).toMatch(/^[0-9a-f]{12}$/);
    const times = asked.filter(({ path }) => path.startsWith('/envB')).map(({ at }) => at);
    expect(times).toHaveLength(10);
    // Ten at a hundred a second: nine waits of 10 ms, less what a clock rounds.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(80);
  });

  it('leaves an environment alone that throttles, and says what was not sent', async () => {
    statusOf = (name) => (name === 'envB' ? 429 : 200);
    const report = await replay(place());
    expect(report).toMatchObject({ requests: { sent: 5 }, operations: [{ throttled: 5, different: 0 }] });
    expect(report.remarks).toContain('15 requests were not sent: 5 in a row got 429. Send fewer: --rate 1');
    expect(describeReplay(report, pc.createColors(false))).toContain('5 got 429');
    // It says nothing of the release, so it is no pass.
    expect(report.isDifferent).toBe(true);
    expect(report.remarks.at(-1)).toMatch(/^Nothing could be compared/);
  });

  it('lets as many differ as are allowed', async () => {
    statusOf = (name) => (name === 'envB' ? 404 : 200);
    const [all, some] = [await replay(place()), await replay(place(), { allowed: 20 })];
    expect([all.isDifferent, some.isDifferent]).toEqual([true, false]);
    expect(all.operations[0]?.examples).toHaveLength(3);
    expect(describeReplay(all, pc.createColors(false))).toContain(
      'GET /user/user0xyz, primary region:\n  status: 200 at envA, 404 at envB',
    );
  });

  it('sends what writes to preview, while that runs the same code', async () => {
    const written = records.slice(0, 2).map((each) => ({ ...each, operation: 'post-user', body: { name: 'Ada' } }));
    const writes = { records: async () => ({ records: written, remarks: [] }) };
    expect(await replay(place(writes))).toMatchObject({ operations: [{ sentTo: 'preview', equal: 2 }] });
    expect(new Set(asked.map(({ path }) => path.split('/')[1]))).toEqual(new Set(['preview']));
    const other = { ...writes, deployed: async () => [environment('envB'), environment('preview', 'other')] };
    await expect(replay(place(other))).rejects.toThrow(
      'post-user: 2, it writes, and preview, which has data of its own, runs other code than envB',
    );
  });

  it.each<[string, Partial<ReplayPlace>, Partial<ReplayOptions>, RegExp]>([
    ['an environment that there is not', {}, { from: 'envC' }, /^--from is "envC", allowed are envA, envB\.$/],
    ['one environment', {}, { to: 'envA' }, /nothing to compare/],
    ['a live environment', { target: async () => 'envB' }, {}, /envB is live.+--from envB --to envA/],
    [
      'an environment that is not deployed',
      { deployed: async () => [] },
      {},
      /envB is not deployed in the primary region/,
    ],
    [
      'no records',
      { records: async () => ({ records: [], remarks: ['eu-west-1 could not be read'] }) },
      {},
      /No request is recorded on envA since 1970.+Record some\.\neu-west-1 could not be read\n.+--since 1d$/s,
    ],
  ])('refuses %s, and sends nothing', async (_, changes, options, message) => {
    await expect(replay(place(changes), options)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });
});
