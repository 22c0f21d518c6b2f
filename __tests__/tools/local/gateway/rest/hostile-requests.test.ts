import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { method, regionModel, restApi } from './support/model.ts';
import { type RequestOptions, send } from './support/send.ts';

const api = restApi({
  methods: [
    method('ANY', '/any/{proxy+}'),
    method('POST', '/validated/{id}', {
      requestValidator: { body: true, parameters: true },
      requestModels: { 'application/json': 'User' },
      requestParameters: { 'method.request.querystring.q': true },
    }),
    method('POST', '/template/{id}', {
      integration: {
        type: 'AWS',
        requestTemplates: { 'application/json': '{"id":"$id","body":$json}' },
        passthroughBehavior: 'NEVER',
      },
      integrationResponses: [{ statusCode: '200', responseTemplates: {}, responseParameters: {} }],
    }),
    method('GET', '/keyed', { apiKeyRequired: true }),
    method('GET', '/signed', { authorization: 'AWS_IAM' }),
  ],
  models: { User: { type: 'object', required: ['name'] } },
});
const start = () => startTestGateway({ region: regionModel({ restApis: [api] }) });

describe('limits', () => {
  it('refuses a body beyond 10 MB with 413, announced or not, and takes one that is just under what Lambda takes', async () => {
    const gateway = await start();
    const tooLarge = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
    const announced = await gateway.send('/envA/any/x', { method: 'PUT', body: tooLarge });
    expect(announced).toMatchObject({
      status: 413,
      text: '{"message":"HTTP content length exceeded 10485760 bytes."}',
    });
    const chunked = { method: 'PUT', headers: { 'transfer-encoding': 'chunked' }, body: tooLarge };
    expect((await gateway.send('/envA/any/x', chunked)).status).toBe(413);
    expect(gateway.invocations).toEqual([]);
    const six = Buffer.alloc(6 * 1024 * 1024 - 4096, 'x');
    expect((await gateway.send('/envA/any/x', { method: 'PUT', body: six })).status).toBe(200);
  });

  it("refuses an event beyond Lambda's 6 MB with 413, counted as JSON", async () => {
    const gateway = await start();
    const plain = await gateway.send('/envA/any/x', { method: 'PUT', body: Buffer.alloc(6 * 1024 * 1024, 'x') });
    expect(plain).toMatchObject({ status: 413, text: '{"message":"Request Too Long"}' });
    const escaped = await gateway.send('/envA/any/x', { method: 'PUT', body: Buffer.alloc(1100 * 1024, 0) });
    expect(escaped.status).toBe(413);
    expect(gateway.invocations).toEqual([]);
  });

  it('refuses headers beyond 10,240 bytes with 431 and a request line beyond them with 414', async () => {
    const gateway = await start();
    expect((await gateway.send('/envA/any/x', { headers: { a: 'x'.repeat(10_000) } })).status).toBe(200);
    expect(await gateway.send('/envA/any/x', { headers: { a: 'x'.repeat(10_241) } })).toMatchObject({
      status: 431,
      text: '{"message":"HTTP header is larger than 10240 bytes."}',
    });
    const many = Array.from({ length: 3000 }, (_, at) => [`h${at}`, 'v']).flat();
    expect((await gateway.send('/envA/any/x', { headers: ['Host', 'localhost', ...many] })).status).toBe(431);
    expect((await gateway.send('/envA/any/x', { headers: { a: 'x'.repeat(100_000) } })).status).toBe(431);
    expect((await gateway.send(`/envA/any/${'x'.repeat(10_240)}`)).status).toBe(414);
  });
});

const post = (path: string, body: Buffer | string, contentType = 'application/json'): [string, RequestOptions] => [
  path,
  { method: 'POST', headers: { 'content-type': contentType }, body },
];

describe('hostile requests get 4xx', () => {
  it.each<[number, string, RequestOptions]>([
    [400, '/envA/any/%', {}],
    [400, '/envA/any/%zz', {}],
    [400, '/envA/any/%C3%28', {}],
    [400, '/envA/any/x?q=%', {}],
    [400, '/envA/any/x?%E0%A4=1', {}],
    [403, '/envA/%2e%2e/%2e%2e/etc/passwd', {}],
    [403, '/envA/__proto__', {}],
    [403, '/envA/keyed', { headers: { 'x-api-key': '__proto__' } }],
    [403, '/envA/signed', { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' } }],
    [403, '/%00/any', {}],
    [403, '/envA', { method: 'OPTIONS' }],
    [400, ...post('/envA/validated/1?q=1', '{"__proto__":{"name":1}}')],
    [400, ...post('/envA/validated/1?q=1', '{"name"')],
    [400, ...post('/envA/validated/1?q=1', '[')],
    [400, ...post('/envA/validated/1?q=1', '['.repeat(100_000))],
    [400, ...post('/envA/validated/1?q=1', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    [400, ...post('/envA/validated/1?q=1', Buffer.from([0xff, 0xfe, 0]))],
    [400, ...post('/envA/validated/1', '{"name":"x"}')],
    [400, ...post('/envA/template/1', '{')],
    [415, ...post('/envA/template/1', '{}', 'text/xml')],
    [415, ...post('/envA/template/1', '{}', '__proto__')],
    [400, ...post('/envA/template/%22%0a', '')],
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
        'validated',
        'template',
        'keyed',
        'signed',
        '__proto__',
        '..',
        '%2e',
        '%00',
        '%',
        '{id}',
        '$context',
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
      accept: headerValue,
      body: fc.oneof(fc.string(), fc.json({ maxDepth: 20 }), fc.constant('{"a":"\\ud800"}')),
    });
    await fc.assert(
      fc.asyncProperty(hostile, async ({ method: verb, path, query, contentType, accept, body }) => {
        const headers = { 'content-type': contentType, accept, 'x-api-key': accept };
        const { status } = await send(gateway.port, path + query, {
          method: verb,
          headers,
          body: verb === 'TRACE' ? '' : body,
        });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expect(gateway.warnings()).toEqual([]);
  });
});
