import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequestOptions, send } from '#tests/tools/local/gateway/rest/support/send.ts';
import { startTestGateway } from './support/gateway.ts';
import { regionWith, route } from './support/model.ts';

const region = regionWith({
  routes: [route('ANY /any/{proxy+}'), route('POST /events/{id}'), route('GET /signed', { authorization: 'AWS_IAM' })],
  cors: {
    allowOrigins: ['https://app.example.com'],
    allowMethods: ['*'],
    allowHeaders: ['*'],
    exposeHeaders: [],
    allowCredentials: true,
  },
});
const start = () => startTestGateway({ region });

describe('limits', () => {
  it("refuses a body beyond 10 MB with 413, announced or not, and an event beyond Lambda's 6 MB", async () => {
    const gateway = await start();
    const refused = { status: 413, text: '{"message":"Request Entity Too Large"}' };
    const tooLarge = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
    expect(await gateway.send('/envA/any/x', { method: 'PUT', body: tooLarge })).toMatchObject(refused);
    const chunked = { method: 'PUT', headers: { 'transfer-encoding': 'chunked' }, body: tooLarge };
    expect(await gateway.send('/envA/any/x', chunked)).toMatchObject(refused);
    const text = { 'content-type': 'text/plain' };
    const six = Buffer.alloc(6 * 1024 * 1024, 'x');
    expect(await gateway.send('/envA/any/x', { method: 'PUT', headers: text, body: six })).toMatchObject(refused);
    expect(gateway.invocations).toEqual([]);
    const fits = six.subarray(4096);
    expect((await gateway.send('/envA/any/x', { method: 'PUT', headers: text, body: fits })).status).toBe(200);
    // As base64, a third more.
    expect(await gateway.send('/envA/any/x', { method: 'PUT', body: fits })).toMatchObject(refused);
  });

  it('refuses more than 10,240 bytes of request line and headers with 431, a line that is longer alone with 414', async () => {
    const gateway = await start();
    expect((await gateway.send('/envA/any/x', { headers: { a: 'x'.repeat(10_000) } })).status).toBe(200);
    const refused = { status: 431, text: '{"message":"Request Header Fields Too Large"}' };
    expect(await gateway.send('/envA/any/x', { headers: { a: 'x'.repeat(10_241) } })).toMatchObject(refused);
    const many = Array.from({ length: 3000 }, (_, at) => [`h${at}`, 'v']).flat();
    expect(await gateway.send('/envA/any/x', { headers: ['Host', 'localhost', ...many] })).toMatchObject(refused);
    expect(await gateway.send(`/envA/any/${'x'.repeat(5200)}`, { headers: { a: 'x'.repeat(5200) } })).toMatchObject(
      refused,
    );
    expect((await gateway.send('/envA/any/x', { headers: { a: 'x'.repeat(100_000) } })).status).toBe(431);
    expect((await gateway.send(`/envA/any/${'x'.repeat(10_240)}`)).status).toBe(414);
  });

  it('throttles with 429 as a token bucket does', async () => {
    const gateway = await startTestGateway({ region, throttle: { rateLimit: 1e-9, burstLimit: 2 } });
    const statuses = [];
    for (let at = 0; at < 3; at++) statuses.push(await gateway.send('/envA/any/x'));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(statuses[2]?.text).toBe('{"message":"Too Many Requests"}');
  });
});

it("throttles each route by its own limits, or else by the stage's", async () => {
  const stages = [
    {
      name: 'envA',
      deploymentId: 'd',
      variables: { stage: 'envA' },
      defaultThrottle: { rateLimit: 1e-9, burstLimit: 1 },
      routeThrottles: { 'GET /two': { rateLimit: 1e-9, burstLimit: 2 } },
    },
    { name: 'envB', deploymentId: 'd', variables: { stage: 'envB' } },
  ];
  const routes = ['GET /one', 'GET /two', 'GET /other'].map((key) => route(key));
  const gateway = await startTestGateway({ region: regionWith({ routes, stages }) });
  const statuses = async (path: string) => {
    const responses = [await gateway.send(path), await gateway.send(path), await gateway.send(path)];
    return responses.map(({ status }) => status);
  };
  expect(await statuses('/envA/one')).toEqual([200, 429, 429]);
  expect(await statuses('/envA/two')).toEqual([200, 200, 429]);
  expect(await statuses('/envA/other')).toEqual([200, 429, 429]);
  expect(await statuses('/envB/one')).toEqual([200, 200, 200]);
});

describe('hostile requests get 4xx', () => {
  it.each<[number, string, RequestOptions]>([
    [400, '/envA/any/%', {}],
    [400, '/envA/any/%zz', {}],
    [400, '/envA/any/%C3%28', {}],
    [400, '/envA/any/x?q=%', {}],
    [400, '/envA/any/x?%E0%A4=1', {}],
    [404, '/envA/%2e%2e/%2e%2e/etc/passwd', {}],
    [404, '/envA/__proto__', {}],
    [404, '/__proto__/any/x', {}],
    [404, '/envA//any/x', {}],
    [404, '/%00/any', {}],
    [404, '/envA', { method: 'TRACE' }],
    [404, '/envA/any/x', { method: 'PROPFIND' }],
    [404, '/envA/events/', { method: 'POST' }],
    [403, '/envA/signed', { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' } }],
    [403, '/envA/signed?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=1e9', {}],
  ])('%i for %s %j', async (status, path, options) => {
    const gateway = await start();
    const answer = await gateway.send(path, options);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({ message: expect.any(String) });
    expect(gateway.invocations).toEqual([]);
    expect(gateway.warnings()).toEqual([]);
  });

  it('never answers 5xx nor dies, whatever path, query, headers and body', async () => {
    const gateway = await start();
    const segment = fc.oneof(
      fc.constantFrom(
        'any',
        'events',
        'signed',
        '__proto__',
        '..',
        '%2e',
        '%2f',
        '%3f',
        '%00',
        '%',
        '{id}',
        '$default',
      ),
      fc.string().map(encodeURIComponent),
      fc.string({ maxLength: 8 }).map((text) => text.replace(/[^!-~]/g, '')),
    );
    const headerValue = fc.string().map((text) => text.replace(/[^ -~]/g, ''));
    const hostile = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'),
      path: fc.array(segment, { maxLength: 5 }).map((segments) => `/envA/${segments.join('/')}`),
      query: fc.option(
        fc.string().map((text) => `?${text.replace(/[^!-~]/g, '')}`),
        { nil: '' },
      ),
      contentType: fc.oneof(fc.constantFrom('application/json', 'text/plain', '*/*', ';', '$default'), headerValue),
      text: headerValue,
      body: fc.oneof(fc.string(), fc.json({ maxDepth: 20 }), fc.constant('{"a":"\\ud800"}')),
    });
    await fc.assert(
      fc.asyncProperty(hostile, async ({ method, path, query, contentType, text, body }) => {
        const headers = {
          'content-type': contentType,
          cookie: text,
          origin: text,
          authorization: text,
          'access-control-request-method': text,
        };
        const { status } = await send(gateway.port, path + query, {
          method,
          headers,
          body: method === 'TRACE' ? '' : body,
        });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expect(gateway.warnings()).toEqual([]);
  });
});
