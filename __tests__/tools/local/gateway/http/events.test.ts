import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '#local/iam/credential-store.ts';
import type { RegionType } from '#local/model/model.ts';
import { send } from '#tests/tools/local/gateway/rest/support/send.ts';
import { type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { signed } from './support/sign.ts';

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage();
}, 600_000);
afterAll(async () => stage.close());

interface Call {
  readonly identity?: Credentials;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** What the client believes to talk to. @default the address that it connects to */
  readonly host?: string;
}

/** A signed request to `/events` below a URL; the region is the one that must be signed for. */
async function callEvents(url: string, region: RegionType, { identity, body, query, host }: Call = {}) {
  const at = new URL(url);
  const [path, options] = await signed(identity ?? stage.summary.invoker, {
    path: `${at.pathname === '/' ? '' : at.pathname}/events`,
    region: stage.summary.regions[region].region,
    host: host ?? at.host,
    ...(query && { query }),
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return send(Number(at.port), path, options);
}

const urlOf = (region: RegionType, environment = 'envA') =>
  stage.summary.regions[region].httpEnvironments[environment] ?? '';
const event = (user: number) => ({
  date: '2021-08-28',
  time: `10:00:0${user}`,
  userId: `u${user}`,
  eventType: 'login',
});
const ofDay = { query: { date: '2021-08-28', limit: '100' } };

describe('the events of the synthesized stage', () => {
  it('S2.1: are stored and listed in one region, and replicated to the other', async () => {
    const stored = await callEvents(urlOf('primary'), 'primary', { body: event(1) });
    expect(stored).toMatchObject({ status: 200, text: '"Put item u1"' });
    const listed = await callEvents(urlOf('primary'), 'primary', ofDay);
    expect(listed.json()).toMatchObject({ Items: [event(1)], Count: 1 });
    await vi.waitFor(async () => {
      expect((await callEvents(urlOf('secondary'), 'secondary', ofDay)).json()).toMatchObject({ Items: [event(1)] });
    }, 60_000);
  });

  it('S1.5: of the preview environment are apart from those', async () => {
    expect((await callEvents(urlOf('primary', 'preview'), 'primary', { body: event(2) })).status).toBe(200);
    const { Items } = await listOf('envA');
    expect(Items).not.toContainEqual(event(2));
    expect((await listOf('preview')).Items).toEqual([event(2)]);
  });

  it('S2.5: have a public name, signed for as it is called or as it is connected to', async () => {
    const { httpEntry = '', httpName = '' } = stage.summary;
    for (const host of [httpName, new URL(httpEntry).host]) {
      const answer = await callEvents(httpEntry, 'primary', { ...ofDay, host });
      expect(answer.status).toBe(200);
      expect(answer.headers['x-two-region-served-by']).toBe('primary');
    }
    const foreign = await callEvents(httpEntry, 'primary', { identity: stage.summary.stranger });
    expect(foreign).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  });

  it('S2.6: are for the invoker alone, on both routes, in both regions and every environment', async () => {
    const { stranger } = stage.summary;
    for (const region of ['primary', 'secondary'] as const) {
      for (const environment of ['envA', 'envB', 'preview']) {
        const url = urlOf(region, environment);
        expect((await callEvents(url, region)).status).toBe(200);
        expect((await callEvents(url, region, { body: event(3) })).status).toBe(200);
        expect((await callEvents(url, region, { identity: stranger })).status).toBe(403);
        expect((await callEvents(url, region, { identity: stranger, body: event(3) })).status).toBe(403);
        const { port, pathname } = new URL(url);
        expect((await send(Number(port), `${pathname}/events`)).status).toBe(403);
      }
    }
  });

  it('S2.6: take no mistake for theirs: a body that is no event is 400 with the cause', async () => {
    const answer = await callEvents(urlOf('primary'), 'primary', { body: { date: 'yesterday' } });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: expect.stringContaining('date') });
  });

  it("S2.2: answer a browser's preflight", async () => {
    const { port, pathname } = new URL(urlOf('secondary'));
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    const answer = await send(Number(port), `${pathname}/events`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'DELETE,GET,OPTIONS,PATCH,POST,PUT',
    });
  });

  it('S2.4: leave lines in the access log of their environment', async () => {
    await callEvents(urlOf('secondary', 'envB'), 'secondary');
    const lines = stage.log.query(
      (one) => one.kind === 'access' && one.region === 'secondary' && one.logGroup.endsWith('-envB-http'),
    );
    expect(lines.at(-1)).toMatchObject({
      environment: 'envB',
      line: expect.stringContaining('"routeKey":"GET /events","status":"200"'),
    });
  });

  it("B4: are not answered by a failed region, as its other API isn't", async () => {
    stage.controls.fail('secondary');
    await expect(callEvents(urlOf('secondary'), 'secondary')).rejects.toThrow(/ECONNRESET|socket hang up/);
    stage.controls.recover('secondary');
    expect((await callEvents(urlOf('secondary'), 'secondary')).status).toBe(200);
  });
});

async function listOf(environment: string): Promise<{ readonly Items: unknown[] }> {
  const answer: unknown = (await callEvents(urlOf('primary', environment), 'primary', ofDay)).json();
  if (typeof answer === 'object' && answer && 'Items' in answer && Array.isArray(answer.Items)) {
    return { Items: answer.Items };
  }
  throw new Error(`No list of events: ${JSON.stringify(answer)}`);
}
