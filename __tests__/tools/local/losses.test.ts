import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { Failure } from '#local/failure/failure.ts';
import type { RegionType } from '#local/model/model.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

/** 10 s between probes become 0.2 s, a TTL of 60 s becomes 1.2 s. */
const TIME_SCALE = 50;

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({ timeScale: TIME_SCALE, terraform: patientFunctions });
}, 600_000);
afterAll(() => stage?.close());

/** A loaded machine may take its time; what is waited for comes or it doesn't. */
const patience = { timeout: 240_000 };
vi.setConfig({ testTimeout: 600_000 });

const refuse = { kind: 'refuse' } as const;

/** On a connection of its own: one that is kept alive breaks with the region that fails. */
function call(url: string, init: RequestInit = {}) {
  const headers = { ...init.headers, connection: 'close', 'x-api-key': stage.summary.apiKey };
  return fetch(url, { ...init, headers });
}

const region = (type: RegionType) => stage.controls.status().regions[type];
const healthy = (type: RegionType) => region(type).healthChecks.every(({ status }) => status === 'healthy');
const leadsTo = () => stage.controls.status().entries.map((entry) => entry.region);
const eventsSince = (since: number, kind: RuntimeEvent['kind']) =>
  stage.log.query((event) => event.kind === kind && event.time >= since);

async function recover(...types: RegionType[]) {
  for (const type of types) stage.controls.recover(type);
  await vi.waitUntil(() => healthy('primary') && healthy('secondary'), patience);
  await vi.waitUntil(() => leadsTo().every((to) => to === 'primary'), patience);
}

/** The prediction for the newest failure of a region. */
function fail(type: RegionType, failure: Failure) {
  stage.controls.fail(type, failure);
  const newest = region(type).failures.at(-1);
  if (!newest) throw new Error('nothing fails');
  return { ...newest.prediction, since: region(type).since };
}

/** What is noticed. `apis`: whether the REST API's name moves, and the HTTP API's; both unless said otherwise. */
interface Noticed extends Failure {
  readonly lost: string;
  readonly atLeast: number;
  readonly apis?: readonly boolean[];
}

// What one test leaves behind when it fails is none of the next one's.
beforeEach(() => recover('primary', 'secondary'));

describe('what is lost, and what health checks see of it (S0.17)', () => {
  it.each([
    { lost: 'a region whose connections are refused', part: 'region', mode: refuse, atLeast: 20 },
    { lost: 'a region whose packets are dropped', part: 'region', mode: { kind: 'drop' }, atLeast: 32 },
    {
      lost: 'a region that responds too late',
      part: 'region',
      mode: { kind: 'slow', milliseconds: 3000 },
      atLeast: 26,
    },
    { lost: 'all custom domains of a region', part: 'domain', mode: refuse, atLeast: 20 },
    { lost: 'all REST APIs of a region', part: 'rest', mode: refuse, atLeast: 20, apis: [true, false] },
    { lost: 'all HTTP APIs of a region', part: 'http', mode: refuse, atLeast: 20, apis: [false, true] },
    {
      lost: 'the function that responds to the health checks of an API',
      part: 'function:healthcheck',
      mode: refuse,
      atLeast: 20,
      apis: [true, false],
    },
  ] satisfies readonly Noticed[])(
    '$lost is noticed, not before $atLeast s, and the names of those APIs move',
    async (row: Noticed) => {
      const { part, mode, atLeast, apis = [true, true] } = row;
      const expected = apis.map((moves) => (moves ? 'secondary' : 'primary'));
      const { since, ...prediction } = fail('primary', { part, mode });
      expect(prediction).toMatchObject({ noticed: true, notice: { atLeast: atLeast / TIME_SCALE } });
      await vi.waitFor(() => expect(leadsTo()).toEqual(expected), patience);
      // Control checks of a stage that has just started become healthy meanwhile.
      const isBad = (event: RuntimeEvent) => event.kind === 'health' && event.status === 'unhealthy';
      const noticed = eventsSince(since, 'health').find(isBad);
      expect(noticed).toBeDefined();
      // Timers keep to the millisecond, and the epoch's clock rounds.
      expect(((noticed?.time ?? 0) - since) * TIME_SCALE).toBeGreaterThanOrEqual((atLeast - 1) * 1000);
      const urls = [`${stage.summary.entry}/healthcheck`, `${stage.summary.httpEntry}/events/healthcheck`];
      const responses = await Promise.all(urls.map((url) => call(`${url}?shallow=true`)));
      expect(responses.map(({ status }) => status)).toEqual([200, 200]);
      expect(responses.map(({ headers }) => headers.get('x-two-region-served-by'))).toEqual(expected);
      await recover('primary');
    },
  );

  it.each([
    { lost: 'a certificate', part: 'certificate', mode: refuse, path: '/healthcheck?shallow=true', status: 502 },
    { lost: 'a table', part: 'table:user', mode: refuse, path: '/user/lostuser1', status: 500 },
    { lost: 'a bucket', part: 'bucket:data', mode: refuse, path: '/test', status: 500 },
    { lost: 'Parameter Store', part: 'parameters', mode: refuse, path: '/string/replace', status: 503 },
    { lost: 'another function', part: 'function:user', mode: refuse, path: '/user/lostuser1', status: 500 },
    {
      lost: 'one request in five',
      part: 'rest',
      mode: { kind: 'errors', share: 0.2 },
      path: '/healthcheck?shallow=true',
      status: 500,
    },
  ] as const)('$lost is not noticed: clients get the errors', async ({ part, mode, path, status }) => {
    const { since, ...prediction } = fail('primary', { part, mode });
    expect(prediction).toMatchObject({ noticed: false, reason: expect.any(String) });
    const post = { method: 'POST', body: '{"content":"colour"}', headers: { 'content-type': 'application/json' } };
    const ask = () => call(`${stage.summary.entry}${path}`, path === '/string/replace' ? post : {});
    await vi.waitFor(async () => expect((await ask()).status).toBe(status), patience);
    // As long as it takes to notice what is noticed last, and half as long again.
    const { dropped } = stage.controls.status().predicted;
    await new Promise((resolve) => setTimeout(resolve, dropped.notice.atMost * 1500));
    expect(eventsSince(since, 'health')).toEqual([]);
    expect(leadsTo()).toEqual(['primary', 'primary']);
    await recover('primary');
  });

  it('the secondary region is noticed by its check, and the names stay', async () => {
    fail('secondary', { part: 'region', mode: refuse });
    await vi.waitUntil(() => !healthy('secondary'), patience);
    expect(leadsTo()).toEqual(['primary', 'primary']);
    await recover('secondary');
  });

  it('both regions: the primary is answered, though it may be dead, until one of them recovers', async () => {
    fail('secondary', { part: 'region', mode: refuse });
    fail('primary', { part: 'region', mode: refuse });
    await vi.waitUntil(() => !healthy('primary') && !healthy('secondary'), patience);
    await vi.waitUntil(() => leadsTo().every((to) => to === 'primary'), patience);
    expect((await call(`${stage.summary.entry}/healthcheck?shallow=true`)).status).toBe(502);
    stage.controls.recover('secondary');
    await vi.waitUntil(() => leadsTo().every((to) => to === 'secondary'), patience);
    await recover('primary');
  });

  it('a partition is noticed by nobody: both serve, and what was written meanwhile replicates at its end', async () => {
    const user = (type: RegionType) => `${stage.summary.regions[type].environments.envA}/user/partition1`;
    stage.controls.setPartitioned(true);
    expect(stage.controls.status().partitioned).toBe(true);
    const body = JSON.stringify({ name: 'Ada' });
    const headers = { 'content-type': 'application/json' };
    expect((await call(user('primary'), { method: 'POST', body, headers })).status).toBe(200);
    expect((await call(user('secondary'))).status).toBe(404);
    stage.controls.setPartitioned(false);
    await vi.waitFor(async () => expect((await call(user('secondary'))).status).toBe(200), patience);
    expect(healthy('primary') && healthy('secondary')).toBe(true);
  });

  it("a function's errors put its API and its environment into ALARM, alone, until it recovers (S3.6)", async () => {
    const inAlarm = () =>
      stage.controls
        .alarms()
        .alarms.flatMap(({ name, region: place, state }) => (state === 'ALARM' ? [`${place} ${name}`] : []));
    await vi.waitUntil(() => inAlarm().length === 0, patience);
    const ask = () => call(`${stage.summary.regions.primary.environments.envA}/user/alarmed1`);
    const { since } = fail('primary', { part: 'function:user', mode: refuse });
    await vi.waitUntil(async () => (await ask()).status === 500 && inAlarm().length === 3, patience);
    // The function's own counts what its routes fail with: Lambda counts no error of a function that it cannot call.
    expect(inAlarm().sort()).toEqual([
      'eu-central-1 two-region-api-dev-envA-rest-api-5xx-rate',
      'eu-central-1 two-region-api-dev-envA-sick',
      'eu-central-1 two-region-api-dev-envA-user-error-rate',
    ]);
    await recover('primary');
    await vi.waitUntil(() => inAlarm().length === 0, patience);
    expect(eventsSince(since, 'alarm')).toMatchObject([{ state: 'ALARM' }, { state: 'OK' }]);
  });

  it('a part that a region does not have is refused with those that it has', () => {
    expect(() => fail('primary', { part: 'table:moon', mode: refuse })).toThrow(
      /got "table:moon", allowed: region, .*table:/,
    );
  });
});
