import { describe, expect, it } from 'vitest';
import type { HttpCors } from '#local/model/api-model.ts';
import { returning, startTestGateway } from './support/gateway.ts';
import { regionWith, route } from './support/model.ts';

const cors: HttpCors = {
  allowOrigins: ['https://app.example.com', 'https://other.example.com'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['content-type', 'authorization'],
  exposeHeaders: ['apigw-requestid'],
  allowCredentials: true,
  maxAgeSeconds: 600,
};
const ORIGIN = 'https://app.example.com';
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
});

function start(change: Partial<HttpCors> = {}, routes = [route('GET /events')], payload: unknown = {}) {
  const region = regionWith({ cors: { ...cors, ...change }, routes });
  return startTestGateway({ region, invoke: returning(payload) });
}

/** The CORS headers of an answer. */
function corsOf(headers: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
}

describe('S2.2: a preflight', () => {
  it('is answered by the gateway, for any path, with what the API allows', async () => {
    const gateway = await start();
    for (const path of ['/envA/events', '/envA/nowhere']) {
      const answer = await gateway.send(path, preflight(ORIGIN));
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(corsOf(answer.headers)).toEqual({
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'content-type,authorization',
        'access-control-max-age': '600',
      });
      expect(answer.headers['apigw-requestid']).toBeDefined();
    }
    expect(gateway.invocations).toEqual([]);
  });

  it('does not reach a function whose route takes every method', async () => {
    const gateway = await start({}, [route('ANY /{proxy+}'), route('$default')]);
    expect((await gateway.send('/envA/events', preflight(ORIGIN))).status).toBe(204);
    expect(gateway.invocations).toEqual([]);
  });

  it.each(['https://evil.example.com', 'http://app.example.com', 'null', 'https://app.example.com.evil.com'])(
    'of the origin %s gets no CORS headers',
    async (origin) => {
      const gateway = await start();
      const answer = await gateway.send('/envA/events', preflight(origin));
      expect(answer.status).toBe(204);
      expect(corsOf(answer.headers)).toEqual({});
    },
  );

  it('is refused where the route that takes it wants a signature, as a browser sends none', async () => {
    const gateway = await start({}, [route('$default', { authorization: 'AWS_IAM' })]);
    expect((await gateway.send('/envA/events', preflight(ORIGIN))).status).toBe(403);
  });

  it('is like any other request where the API has no CORS configuration', async () => {
    const gateway = await startTestGateway();
    const answer = await gateway.send('/envA/events', preflight(ORIGIN));
    expect(answer.status).toBe(404);
    expect(corsOf(answer.headers)).toEqual({});
  });

  it('is one only with an origin and a method: other OPTIONS requests go to their route, or end with 204', async () => {
    const gateway = await start({}, [route('OPTIONS /own')]);
    expect((await gateway.send('/envA/own', { method: 'OPTIONS' })).status).toBe(200);
    const answer = await gateway.send('/envA/other', { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(corsOf(answer.headers)).toEqual({});
  });
});

describe('S2.2: a response', () => {
  it("has CORS headers only when the origin is one of the API's", async () => {
    const gateway = await start();
    const allowed = await gateway.send('/envA/events', { headers: { origin: ORIGIN } });
    expect(corsOf(allowed.headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'apigw-requestid',
    });
    const foreign = await gateway.send('/envA/events', { headers: { origin: 'https://evil.example.com' } });
    expect(corsOf(foreign.headers)).toEqual({});
    expect(corsOf((await gateway.send('/envA/events')).headers)).toEqual({});
  });

  it("lets the API's CORS headers win over the function's", async () => {
    const own = { 'Access-Control-Allow-Origin': '*', 'access-control-max-age': '1', 'x-own': 'kept' };
    const gateway = await start({ allowCredentials: false }, undefined, { statusCode: 200, headers: own });
    const answer = await gateway.send('/envA/events', { headers: { origin: ORIGIN } });
    expect(corsOf(answer.headers)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-expose-headers': 'apigw-requestid',
    });
    expect(answer.headers['x-own']).toBe('kept');
    expect(corsOf((await gateway.send('/envA/events')).headers)).toEqual({});
  });

  it("keeps the function's CORS headers where the API has no configuration", async () => {
    const headers = { 'access-control-allow-origin': 'https://mine.example.com' };
    const gateway = await startTestGateway({ invoke: returning({ statusCode: 200, headers }) });
    expect(corsOf((await gateway.send('/envA/events')).headers)).toEqual(headers);
  });

  it("has them for the gateway's own errors, too, so that scripts see the status", async () => {
    const gateway = await start();
    const answer = await gateway.send('/envA/nowhere', { headers: { origin: ORIGIN } });
    expect(answer.status).toBe(404);
    expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
  });

  it.each([
    [['*'], 'https://any.example.com', '*'],
    [['*'], 'null', '*'],
    [['https://*'], 'https://any.example.com', 'https://any.example.com'],
    [['https://*'], 'http://any.example.com', undefined],
    [['HTTPS://App.example.com'], 'https://app.example.com', 'https://app.example.com'],
  ])('of an API that allows %j says to %s: %s', async (allowOrigins, origin, expected) => {
    const gateway = await start({ allowOrigins, allowCredentials: false });
    const answer = await gateway.send('/envA/events', { headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).toBe(expected);
  });
});
