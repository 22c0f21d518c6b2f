import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signRequest } from '#client/sign-request.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

/** 10 s between probes become 0.1 s, a TTL of 60 s becomes 0.6 s. */
const TIME_SCALE = 100;
const patience = { timeout: 240_000 };
vi.setConfig({ testTimeout: 600_000 });

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({
    timeScale: TIME_SCALE,
    terraform: patientFunctions,
    settings: { EDGE: '"active"', PARAMETERS: '( "certificate_arn_edge" "edge_secret"' },
  });
}, 600_000);
afterAll(async () => {
  vi.resetConfig();
  await stage?.close();
});

async function call(path: string, init: RequestInit = {}) {
  const { summary } = stage;
  const headers = { 'x-api-key': summary.apiKey, 'content-type': 'application/json', connection: 'close' };
  const response = await fetch(`${summary.entry}${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, text, header: (name: string) => response.headers.get(name) };
}

const write = (name: string) => call('/user/abcdefgh12', { method: 'POST', body: JSON.stringify({ name }) });

describe('a stage whose public names lead to the edge, on this machine (S4.1)', () => {
  it('serves both names through CloudFront, from the region that their origins lead to', async () => {
    // On a busy machine checks that are a hundred times as fast may have failed meanwhile.
    const health = await vi.waitFor(async () => {
      const response = await call('/healthcheck');
      expect([response.status, response.header('x-two-region-served-by')]).toEqual([200, 'primary']);
      return response;
    }, patience);
    expect(health.header('x-cache')).toBe('Miss from cloudfront');
    expect(health.header('strict-transport-security')).toBe('max-age=31536000');
    const { entries, active } = stage.controls.status();
    expect(active).toBe('primary');
    expect(entries).toMatchObject([
      {
        name: 'api.two-region.localhost',
        edge: { domainName: expect.stringMatching(/\.cloudfront\.net$/), eitherRegion: [], kept: [] },
      },
      { name: 'events.two-region.localhost', edge: { kept: [] } },
    ]);
    expect(stage.controls.status().regions.primary.healthChecks.length).toBeGreaterThan(0);
  });

  it('takes writes and signed requests', async () => {
    expect((await write('Ada')).status).toBe(200);
    expect(await call('/user/abcdefgh12')).toMatchObject({ status: 200, text: expect.stringContaining('Ada') });
    const { httpEntry = '', invoker, regions } = stage.summary;
    const plain = { method: 'GET', url: new URL(`${httpEntry}/events`), headers: {}, body: undefined };
    // The Host that the client signed is what the region sees.
    const signed = await signRequest(plain, { credentials: invoker, region: regions.primary.region });
    const response = await fetch(signed.url, { headers: signed.headers });
    expect([response.status, response.headers.get('x-cache')]).toEqual([200, 'Miss from cloudfront']);
    expect((await fetch(plain.url)).status).toBe(403);
  });

  it('fails over as a whole, writes too, and back, without anything of it being changed', async () => {
    stage.controls.fail('primary');
    // Until the checks have noticed nobody responds, and the edge says so in its own words.
    expect(await call('/healthcheck')).toMatchObject({ status: 502, text: expect.stringContaining('cloudfront') });
    await vi.waitFor(async () => expect((await write('Grace')).status).toBe(200), patience);
    const read = await call('/user/abcdefgh12');
    expect([read.status, read.header('x-two-region-served-by')]).toEqual([200, 'secondary']);
    expect(read.text).toContain('Grace');
    const { entries } = stage.controls.status();
    expect(entries.map(({ region }) => region)).toEqual(['secondary', 'secondary']);
    stage.controls.recover('primary');
  });

  it('lists what it does not serve of the edge', () => {
    const unserved = stage.summary.unserved.map(({ type }) => type);
    expect(unserved).toContain('aws_cloudwatch_log_delivery');
    expect(unserved.filter((type) => type.startsWith('aws_cloudfront'))).toEqual([
      'aws_cloudfront_distribution.default_cache_behavior.compress',
      'aws_cloudfront_distribution.web_acl_id',
    ]);
  });
});
