import { type IncomingMessage, request } from 'node:http';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient } from '#client/client.ts';
import { matcherOf } from '#local/events/event-query.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

/** 10 s between probes become 0.1 s, a TTL of 60 s becomes 0.6 s. */
const TIME_SCALE = 100;

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({ timeScale: TIME_SCALE, terraform: patientFunctions });
}, 600_000);
afterAll(async () => {
  vi.resetConfig();
  await stage?.close();
});

/** On a connection of its own: one that is kept alive breaks with the region that fails. */
async function call(url: string, { headers, ...init }: RequestInit = {}) {
  const response = await fetch(url, { ...init, headers: { ...headers, connection: 'close' } });
  return {
    status: response.status,
    servedBy: response.headers.get('x-two-region-served-by'),
    traceHeader: response.headers.get('x-amzn-trace-id'),
    body: await response.json(),
  };
}

/** Asks a gateway by one of its names, which no DNS of this machine knows. */
async function asked(url: string, host: string, path: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}${path}`, { headers: { host }, agent: false }, resolve).once('error', reject).end();
  });
  return { status: response.statusCode, body: await json(response) };
}

/** Asks the names of the stage as the DNS of the world would lead there: the public ones at the entries, each region's own at its gateways. */
function fetchByName(): typeof fetch {
  const { publicNames, regions } = stage.controls.regions();
  const own = Object.values(regions).flatMap(({ region, names, apis }) =>
    names
      .filter((served) => served.name.startsWith(`${region}.`))
      .map((served) => [served.name, apis.find(({ kind }) => kind === served.kind)?.url ?? ''] as const),
  );
  const origins = new Map([...publicNames.map(({ name, url }) => [name, url] as const), ...own]);
  return (input, { method = 'GET', headers, body, signal } = {}) => {
    const { host, pathname, search } = new URL(String(input));
    return new Promise((resolve, reject) => {
      const sent = { method, headers: { ...Object.fromEntries(new Headers(headers)), host }, agent: false as const };
      const asked = request(`${origins.get(host)}${pathname}${search}`, { ...sent, ...(signal && { signal }) });
      asked.once('error', (cause) => reject(new TypeError('fetch failed', { cause })));
      asked.once('response', async (response) => {
        resolve(new Response(await text(response), { status: response.statusCode ?? 0 }));
      });
      asked.end(typeof body === 'string' ? body : undefined);
    });
  };
}

const withKey = (key = stage.summary.apiKey) => ({ headers: { 'x-api-key': key } });
const environments = (region: 'primary' | 'secondary') => stage.summary.regions[region].environments;

function nextEvent(kind: RuntimeEvent['kind'], name?: string): Promise<RuntimeEvent> {
  return new Promise((resolve) => {
    const end = stage.log.subscribe((event) => {
      if (event.kind !== kind || (name !== undefined && 'name' in event && event.name !== name)) return;
      end();
      resolve(event);
    });
  });
}

/** A loaded machine may take its time; what is waited for comes or it doesn't. */
const patience = { timeout: 240_000 };
vi.setConfig({ testTimeout: 600_000 });

describe('the stage dev on this machine (B1)', () => {
  it("is summed up in one document: entry, key, and each region's environments", () => {
    expect(stage.summary).toMatchObject({
      stage: 'dev',
      entry: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      apiKey: expect.stringMatching(/^[\w-]{20,}$/),
      regions: { primary: { region: 'eu-central-1' }, secondary: { region: 'eu-west-1' } },
    });
    for (const region of ['primary', 'secondary'] as const) {
      const { url } = stage.summary.regions[region];
      expect(environments(region)).toEqual({
        envA: `${url}/envA`,
        envB: `${url}/envB`,
        preview: `${url}/preview`,
      });
    }
    expect(JSON.parse(JSON.stringify(stage.summary))).toEqual(stage.summary);
  });

  it('S0.9, S0.10: GET /test answers with its own environment, stage and region, in all of them', async () => {
    for (const [regionType, region] of [
      ['primary', 'eu-central-1'],
      ['secondary', 'eu-west-1'],
    ] as const) {
      for (const env of ['envA', 'envB']) {
        expect(await call(`${environments(regionType)[env]}/test`, withKey())).toMatchObject({
          status: 200,
          body: { env, stage: 'dev', region, regionType, written: { bucket: expect.any(String) } },
        });
      }
    }
  });

  it('S0.9: GET /healthcheck is open and reads the tables and the bucket, or with ?shallow nothing', async () => {
    const { entry } = stage.summary;
    // The check gives its dependencies 1.2 s, which a loaded machine may pass: what is true is true at some time.
    const deep = { status: 200, body: { status: 'ok', check: 'deep' } };
    await vi.waitFor(async () => expect(await call(`${entry}/healthcheck`)).toMatchObject(deep), patience);
    expect(await call(`${entry}/healthcheck?shallow`)).toMatchObject({ status: 200, body: { check: 'shallow' } });
  });

  it('S0.16: one key opens both regions; no key and a wrong one open neither', async () => {
    for (const region of ['primary', 'secondary'] as const) {
      const url = `${environments(region).envA}/test`;
      expect((await call(url, withKey())).status).toBe(200);
      expect((await call(url)).status).toBe(403);
      expect((await call(url, withKey('00000000000000000000'))).status).toBe(403);
    }
  });

  it("tells a request's way through gateway, function, table and replica, without its key (B15)", async () => {
    stage.log.spans.keep();
    const sent = { ...withKey(), method: 'POST', body: JSON.stringify({ name: 'Ada' }) };
    const headers = { ...sent.headers, 'content-type': 'application/json' };
    const answer = await call(`${environments('primary').envA}/user/a1B2c3D4`, { ...sent, headers });
    expect(answer.status).toBe(200);
    const isOwn = (event: RuntimeEvent) => event.kind === 'access' && event.line.includes('/user/a1B2c3D4"');
    const [access] = stage.log.query(isOwn);
    const requestId = access?.kind === 'access' ? access.requestId : '';
    const table = stage.controls.data.contents().primary?.tables;
    const name = Object.keys(table ?? {}).find((each) => each.endsWith('dev-user'));
    await vi.waitFor(() => {
      const way = stage.log.spans.of(requestId).map((span) => [span.part, span.region, span.name, span.outcome]);
      expect(way).toEqual([
        ['gateway', 'eu-central-1', 'POST /user/{id}', '200'],
        ['function', 'eu-central-1', 'two-region-api-dev-user', undefined],
        ['handler', 'eu-central-1', 'two-region-api-dev-user', undefined],
        ['service', 'eu-central-1', `dynamodb PutItem ${name}`, '200'],
        ['replica', 'eu-west-1', name, undefined],
      ]);
    }, patience);
    const [gateway] = stage.log.spans.of(requestId);
    expect(gateway?.exchanged?.request).toMatchObject({ body: '{"name":"Ada"}' });
    expect(gateway?.exchanged?.response).toMatchObject({ line: '200', body: '{"id":"a1B2c3D4","name":"Ada"}' });
    expect(JSON.stringify(gateway)).not.toContain(stage.summary.apiKey);
    const traceId = answer.traceHeader?.replace('Root=', '');
    expect(access?.kind === 'access' && JSON.parse(access.line)).toMatchObject({
      xrayTraceId: traceId,
      responseLatency: expect.stringMatching(/^\d+$/),
      integrationLatency: expect.stringMatching(/^\d+$/),
    });
  });

  it("S3.7: what gateway and function log of a request has the trace that its response names, without an event's headers, too", async () => {
    const root = '1-67891233-abcdef012345678912345678';
    const headers = { ...withKey().headers, 'x-amzn-trace-id': `Root=${root}` };
    stage.controls.fail('primary', {
      part: 'table:two-region-api-dev-user',
      mode: { kind: 'errors', share: 1 },
    });
    const failed = await call(`${environments('primary').envA}/user/a1B2c3D4`, { headers });
    stage.controls.recover('primary');
    expect(failed).toMatchObject({ status: 500, traceHeader: `Root=${root}` });
    const logged = stage.log.query(matcherOf({ traceId: root }));
    expect(new Set(logged.map(({ kind }) => kind))).toEqual(new Set(['access', 'function']));
    // Lambda's own line, that the invocation failed, has no fields.
    const [line] = logged.flatMap((event) => (event.kind === 'function' && event.line[0] === '{' ? [event.line] : []));
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 'ERROR', xray_trace_id: root });
  });

  it("B23: a region's own name leads to it alone, by the way that clients take, and below it to every environment", async () => {
    const { regions, name, httpName = '' } = stage.summary;
    const urls = stage.controls.regions().regions.secondary.apis;
    const httpUrl = urls.find(({ kind }) => kind === 'http')?.url ?? '';
    const own = `eu-west-1.${name}`;
    expect(await asked(regions.secondary.url, own, '/healthcheck?shallow=true')).toMatchObject({
      status: 200,
      body: { env: 'envA', region: 'eu-west-1' },
    });
    expect(await asked(regions.secondary.url, own, '/envB/healthcheck?shallow=true')).toMatchObject({
      status: 200,
      body: { env: 'envB', region: 'eu-west-1' },
    });
    expect(await asked(httpUrl, `eu-west-1.${httpName}`, '/events/healthcheck')).toMatchObject({
      status: 200,
      body: { check: 'deep', env: 'envA', region: 'eu-west-1' },
    });
    expect(await asked(httpUrl, `eu-west-1.${httpName}`, '/preview/events/healthcheck')).toMatchObject({
      status: 200,
      body: { env: 'preview' },
    });
    expect((await asked(regions.primary.url, own, '/healthcheck')).status).toBe(403);
  });

  it("B23: each public name has health checks of its own API in both regions, by the regions' own names", async () => {
    const { name, httpName } = stage.summary;
    const checks = stage.controls.regions().healthChecks.map(({ fqdn, resourcePath }) => `${fqdn}${resourcePath}`);
    expect(checks.sort()).toEqual(
      [
        `eu-central-1.${name}/healthcheck?shallow=true`,
        `eu-central-1.${httpName}/events/healthcheck?shallow=true`,
        `eu-west-1.${name}/healthcheck?shallow=true`,
        `eu-west-1.${httpName}/events/healthcheck?shallow=true`,
      ].sort(),
    );
    const reasons = () => stage.controls.regions().healthChecks.map(({ reason }) => reason);
    await vi.waitFor(() => expect(reasons()).toEqual(Array.from({ length: 4 }, () => 'HTTP status 200')), patience);
  });

  it("S3.5: an unknown route is 404 with the request's id", async () => {
    expect(await call(`${stage.summary.entry}/nope`, withKey())).toMatchObject({
      status: 404,
      body: { error: expect.any(String), requestId: expect.any(String) },
    });
  });

  it('S0.17: the entry moves to the other region when its own fails, and back once that has recovered', async () => {
    const { entry, name } = stage.summary;
    expect((await call(`${entry}/healthcheck?shallow`)).servedBy).toBe('primary');
    const moved = nextEvent('entry', name);
    stage.controls.fail('primary');
    expect(await call(`${entry}/test`, withKey())).toMatchObject({ status: 502, body: { region: 'primary' } });
    await expect(fetch(`${environments('primary').envA}/healthcheck`)).rejects.toThrow();
    expect(await moved).toMatchObject({ from: 'primary', to: 'secondary' });
    expect(await call(`${entry}/test`, withKey())).toMatchObject({
      status: 200,
      servedBy: 'secondary',
      body: { regionType: 'secondary' },
    });
    const back = nextEvent('entry', name);
    stage.controls.recover('primary');
    expect(await back).toMatchObject({ from: 'secondary', to: 'primary' });
    expect(await call(`${entry}/test`, withKey())).toMatchObject({ status: 200, body: { regionType: 'primary' } });
  });

  it('B23: one client, made before it, has events, keyed and open operations answered through a failover and a failback', async () => {
    const { name, httpName = '', apiKey, invoker, regions } = stage.summary;
    const client = createClient({
      baseUrl: `https://${name}`,
      httpBaseUrl: `https://${httpName}`,
      regions: [regions.primary.region, regions.secondary.region],
      apiKey,
      credentials: invoker,
      fetch: fetchByName(),
      // A busy machine may take its time.
      attemptMilliseconds: 60_000,
    });
    let second = 0;
    const answered = async () => {
      const time = `10:00:${String(second++).padStart(2, '0')}`;
      const results = await Promise.all([
        client.postEvent({ body: { date: '2026-01-02', time, userId: 'ada', eventType: 'login' } }),
        client.listEvents({ query: { date: '2026-01-02' } }),
        client.test(),
        client.replaceString({ body: { content: 'The colour' } }),
        client.healthcheck({ query: { shallow: 'true' } }),
        client.eventsHealthcheck({ query: { shallow: 'true' } }),
      ]);
      expect(results.map(({ status }) => status)).toEqual(results.map(() => 200));
      const [, , , , rest, http] = results;
      return [rest, http].map((health) => (health?.status === 200 ? health.body.region : undefined));
    };
    const moved = () => Promise.all([nextEvent('entry', name), nextEvent('entry', httpName)]);
    expect(await answered()).toEqual(['eu-central-1', 'eu-central-1']);
    const away = moved();
    stage.controls.fail('primary');
    // Before DNS has noticed, too.
    expect(await answered()).toEqual(['eu-west-1', 'eu-west-1']);
    await away;
    expect(await answered()).toEqual(['eu-west-1', 'eu-west-1']);
    const back = moved();
    stage.controls.recover('primary');
    expect(await answered()).toEqual(['eu-west-1', 'eu-west-1']);
    await back;
    expect(await answered()).toEqual(['eu-central-1', 'eu-central-1']);
  });

  it('S0.8: what one region writes the other reads, and a failed region catches up once it recovers', async () => {
    const user = (region: 'primary' | 'secondary', id: string) => `${environments(region).envA}/user/${id}`;
    const write = (name: string) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    expect((await call(user('primary', 'replicated1'), write('Ada'))).status).toBe(200);
    await vi.waitFor(
      async () =>
        expect(await call(user('secondary', 'replicated1'))).toMatchObject({ status: 200, body: { name: 'Ada' } }),
      patience,
    );
    stage.controls.fail('primary');
    expect((await call(user('secondary', 'replicated2'), write('Grace'))).status).toBe(200);
    stage.controls.recover('primary');
    await vi.waitFor(
      async () =>
        expect(await call(user('primary', 'replicated2'))).toMatchObject({ status: 200, body: { name: 'Grace' } }),
      patience,
    );
  });

  it('lists each resource that it does not serve once, by type and address', () => {
    const lines = stage.summary.unserved.flatMap(({ type, addresses }) =>
      addresses.map((each) => `${type} of ${each}`),
    );
    expect(new Set(lines).size).toBe(lines.length);
    expect(stage.summary.unserved.map(({ type }) => type)).toContain('aws_s3_bucket_policy');
    expect(stage.summary.unserved.map(({ type }) => type)).not.toContain('aws_lambda_function');
  });
});
