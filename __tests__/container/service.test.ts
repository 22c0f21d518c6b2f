import { describe, expect, it, vi } from 'vitest';
import type { Handlers } from '#container/handlers.ts';
import { getUser } from '#contract/get-user.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { postUser } from '#contract/post-user.ts';
import { replaceString } from '#contract/replace-string.ts';
import { httpHandler } from '#functions/http/http-handler.ts';
import type { Served } from '#functions/http/received-request.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import type { Routes } from '#functions/http/routes.ts';
import { templateHandler } from '#functions/http/template-handler.ts';
import { readUser, writeUser } from '#functions/user/write-user.ts';
import { hostileBytes } from '#tests/support/hostile/bytes.ts';
import { inMemoryItemStore } from '#tests/support/in-memory-stores.ts';
import { deferred } from '#tests/tools/local/gateway/rest/support/deferred.ts';
import { sendRaw } from '#tests/tools/local/gateway/rest/support/send.ts';
import { KEY, startService } from './support/running-service.ts';

const json = { 'content-type': 'application/json', 'x-api-key': KEY };
const post = (body: string, headers: Record<string, string> = json) => ({ method: 'POST', headers, body });
const ok = { status: 200, body: { status: 'ok', check: 'shallow', env: 'container', region: 'eu-central-1' } } as const;

function replacing(
  serve: Routes<typeof replaceString>['POST /string/replace'] = async ({ json: body }) => {
    const { content } = replaceString.request.body.parse(body());
    return { status: 200, body: { content: content.toUpperCase() } };
  },
): { operations: readonly Operation[]; handlers: Handlers } {
  return {
    operations: [healthcheck, replaceString],
    handlers: new Map([
      ['healthcheck', restHandler<typeof healthcheck>('healthcheck', { 'GET /healthcheck': async () => ok })],
      ['string-replace', restHandler<typeof replaceString>('string-replace', { 'POST /string/replace': serve })],
    ]),
  };
}

describe('the container API (S3.12)', () => {
  it('serves an operation by its handler, as JSON that nobody may cache, with the headers that protect browsers', async () => {
    const service = await startService(replacing());
    const response = await service.send('/string/replace', post('{"content":"abc"}'));
    expect(response).toMatchObject({ status: 200, text: '{"content":"ABC"}' });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('max-age='),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(response.headers).not.toHaveProperty('x-powered-by');
    expect(response.headers).not.toHaveProperty('etag');
  });

  it('asks for a key where the contract does, before it looks at anything else', async () => {
    const service = await startService(replacing());
    for (const key of [undefined, '', '__proto__']) {
      const refused = await service.send('/string/replace', post('{', key === undefined ? {} : { 'x-api-key': key }));
      expect(refused.status).toBe(403);
      expect(refused.json()).toEqual({
        error: 'A valid API key is needed in the header x-api-key',
        requestId: refused.headers['x-request-id'],
      });
    }
    expect((await service.send('/healthcheck')).status).toBe(200);
  });

  it('says that the keys cannot be read, as long as there never were any', async () => {
    const service = await startService({ ...replacing(), admitKey: async () => 'unavailable' });
    expect(await service.send('/string/replace', post('{}'))).toMatchObject({ status: 503 });
    expect((await service.send('/healthcheck')).status).toBe(200);
  });

  it.each<[number, string, Parameters<Awaited<ReturnType<typeof startService>>['send']>[1], string]>([
    [400, '/string/replace', post('{}', { 'x-api-key': KEY }), 'Missing required request parameters: [content-type]'],
    [
      400,
      '/string/replace',
      post('{}', { ...json, 'content-type': 'text/plain' }),
      'content-type: Invalid type: expected application/json',
    ],
    [400, '/string/replace', post('{'), 'body: Invalid JSON'],
    [400, '/string/replace', post(''), 'body: Missing: expected JSON'],
    [400, '/string/replace', post('['.repeat(2000)), 'body: instance is nested too deeply'],
    [400, '/string/replace', post(`[${'1,'.repeat(200_001)}1]`), 'body: instance has more than 200000 values'],
    [400, '/string/replace%', post('{}'), 'Bad Request'],
    [400, '/healthcheck?shallow=%C3%28', {}, 'Bad Request'],
    [404, '/string/replace/', post('{}'), 'No such route'],
    [404, '/String/replace', post('{}'), 'No such route'],
    [404, '/healthcheck', { method: 'HEAD' }, ''],
    [404, '/healthcheck', { method: 'OPTIONS' }, 'No such route'],
    [404, '/__proto__', {}, 'No such route'],
    [413, '/string/replace', post('x'.repeat(6 * 1024 * 1024 + 1)), 'HTTP content length exceeded 6291456 bytes.'],
    [414, `/${'x'.repeat(10_300)}`, {}, 'An HTTP line is larger than 10240 bytes.'],
    [400, '/string/replace', post('\x1f\x8b', { ...json, 'content-encoding': 'gzip' }), 'body: Invalid JSON'],
    [431, '/healthcheck', { headers: { 'x-large': 'x'.repeat(10_300) } }, 'HTTP header is larger than 10240 bytes.'],
  ])('refuses with %i %s %#', async (status, path, request, error) => {
    const service = await startService(replacing());
    const response = await service.send(path, request);
    expect(response.status).toBe(status);
    if (error !== '') expect(response.json()).toEqual({ error, requestId: response.headers['x-request-id'] });
    expect(service.lines().filter(({ level }) => level === 'ERROR')).toEqual([]);
  });

  it('hides what failed from clients and logs it, also at the route /error, which fails on purpose', async () => {
    const service = await startService(replacing(() => Promise.reject(new Error('table at 10.0.0.7'))));
    const failed = await service.send('/string/replace', post('{}'));
    expect(failed).toMatchObject({ status: 500 });
    expect(failed.json()).toEqual({ error: 'Internal server error', requestId: failed.headers['x-request-id'] });
    const onPurpose = await service.send('/error', { headers: { 'x-api-key': KEY } });
    expect(onPurpose.status).toBe(500);
    expect((await service.send('/error')).status).toBe(403);
    const errors = service.lines().filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([
      {
        message: 'The request failed',
        requestId: failed.headers['x-request-id'],
        error: { message: 'table at 10.0.0.7' },
      },
      { requestId: onPurpose.headers['x-request-id'], error: { message: expect.stringContaining('on purpose') } },
    ]);
  });

  it('says 504 of an operation that takes longer than it may', async () => {
    const service = await startService({ ...replacing(() => new Promise(() => undefined)), operationMilliseconds: 1 });
    const late = await service.send('/string/replace', post('{}'));
    expect(late.json()).toMatchObject({ error: 'Endpoint request timed out' });
    expect(late.status).toBe(504);
  });

  it('logs each request with its ids: its own, the trace of the load balancer, the correlation id of the caller', async () => {
    const service = await startService(replacing());
    const headers = {
      ...json,
      'x-amzn-trace-id': 'Self=1-1-1;Root=1-67891233-abcdef012345678912345678',
      'x-correlation-id': 'order-7',
      'x-forwarded-for': '6.6.6.6, 192.0.2.7',
    };
    const response = await service.send('/string/replace?secret=1', post('{"content":"a"}', headers));
    await vi.waitFor(() => expect(service.lines()).toHaveLength(1), 60_000);
    expect(service.lines()[0]).toMatchObject({
      level: 'INFO',
      requestId: response.headers['x-request-id'],
      correlation_id: 'order-7',
      xray_trace_id: '1-67891233-abcdef012345678912345678',
      ip: '192.0.2.7',
      httpMethod: 'POST',
      resourcePath: '/string/replace',
      path: '/string/replace',
      status: 200,
      responseLength: response.bytes.length,
      apiKeyId: '01234567',
    });
    expect(JSON.stringify(service.lines())).not.toMatch(/secret|a-key-for/);
  });

  it('keeps the lines of requests apart that are served at the same time, whichever of them the log was kept of', async () => {
    const waiting: (() => void)[] = [];
    let kept: Pick<Console, 'info'> | undefined;
    const service = await startService(
      replacing(async ({ log, json: body, requestId }) => {
        kept ??= log;
        const { content } = replaceString.request.body.parse(body());
        await new Promise<void>((resolve) => waiting.push(resolve));
        kept.info('served', { content, requestId });
        return { status: 200, body: { content } };
      }),
    );
    const sent = ['one', 'two', 'three'].map((each) =>
      service.send('/string/replace', post(JSON.stringify({ content: each }), { ...json, 'x-correlation-id': each })),
    );
    await vi.waitFor(() => expect(waiting).toHaveLength(3), 60_000);
    for (const go of waiting.reverse()) go();
    await Promise.all(sent);
    const served = service.lines().filter(({ message }) => message === 'served');
    expect(served.map(({ content }) => content).toSorted()).toEqual(['one', 'three', 'two']);
    for (const { content, correlation_id: correlationId } of served) expect(correlationId).toBe(content);
  });

  it("keeps the load balancer's probes out of the log, unless they fail", async () => {
    const service = await startService(replacing());
    const headers = { 'user-agent': 'ELB-HealthChecker/2.0' };
    await service.send('/healthcheck', { headers });
    await service.send('/nope', { headers });
    await vi.waitFor(() => expect(service.lines()).toMatchObject([{ status: 404 }]), 60_000);
  });
});

describe('an operation that is marked `container` (S3.12)', () => {
  it('needs nothing else, whatever its handler is made by', async () => {
    const users = inMemoryItemStore();
    const greet: Operation = {
      ...healthcheck,
      id: 'greet',
      function: 'greet',
      api: 'http',
      path: '/greet/{name}',
      method: 'GET',
    };
    const handlers = new Map<string, Served>([
      [
        'user',
        templateHandler<typeof getUser | typeof postUser>('user', {
          GET: async (request) => readUser(users, request),
          POST: async (request) => writeUser(users, request),
        }),
      ],
      [
        'greet',
        httpHandler<Operation>('greet', {
          'GET /greet/{name}': async ({ pathParameters, query }) => ({
            status: 200,
            body: { ...pathParameters, ...query },
          }),
        }),
      ],
    ]);
    const service = await startService({ operations: [getUser, postUser, greet], handlers });
    const written = await service.send('/user/a1B2c3D4', post('{"name":"Ada"}'));
    expect(written).toMatchObject({ status: 200, text: '{"id":"a1B2c3D4","name":"Ada"}' });
    expect(await service.send('/user/a1B2c3D4')).toMatchObject({ status: 200, text: written.text });
    expect((await service.send('/user/a1B2c3D5')).status).toBe(404);
    expect((await service.send('/user/short')).status).toBe(400);
    expect((await service.send('/user/a1B2c3D4', post('[]'))).status).toBe(400);
    expect((await service.send('/user/a1B2c3D4', post('x', { 'content-type': 'text/plain' }))).status).toBe(415);
    expect((await service.send('/greet/a%20b?x=1&x=2')).json()).toEqual({ name: 'a b', x: '1,2' });
  });

  it('is in the document and on the page, and the others are not', async () => {
    const service = await startService(replacing());
    const { paths } = JSON.parse((await service.send('/openapi.json')).text);
    expect(Object.keys(paths)).toEqual(['/healthcheck', '/string/replace']);
    const page = await service.send('/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('POST /string/replace');
    expect(page.text).toContain('Test &amp; &lt;API>');
    expect(page.text).not.toContain('/user/');
    // Its policy admits its own style and nothing else.
    const { createHash } = await import('node:crypto');
    const style = /<style>(.*)<\/style>/s.exec(page.text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers['content-security-policy']).toContain(`'sha256-${hash}'`);
  });

  it('are string/replace and the health check', () => {
    expect(operations.filter(({ container }) => container).map(({ id }) => id)).toEqual([
      'healthcheck',
      'replace-string',
    ]);
  });
});

describe('bytes that a client sends (S3.12)', () => {
  const answered = /^HTTP\/1\.1 200 /;
  const expected = { path: '/healthcheck', foreignHost: answered, asterisk: /^HTTP\/1\.1 404 / };

  it.each(hostileBytes(expected))(
    'what is %s ends in a plain response, and the service lives',
    async (_, bytes, response) => {
      const service = await startService(replacing());
      expect(await sendRaw(service.port, bytes)).toMatch(response);
      expect((await service.send('/healthcheck')).status).toBe(200);
    },
  );
});

describe('the end (S3.12)', () => {
  it('comes after what is under way, and after new requests while the load balancer may send some', async () => {
    let finish: (() => void) | undefined;
    const service = await startService(
      replacing(async () => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { status: 200, body: { content: 'done' } };
      }),
    );
    const underWay = service.send('/string/replace', post('{}'));
    await vi.waitFor(() => expect(finish).toBeDefined(), 60_000);
    const linger = deferred();
    const ended = service.drain(linger.promise, deferred().promise);
    const meanwhile = await service.send('/healthcheck');
    expect(meanwhile).toMatchObject({ status: 200, headers: { connection: 'close' } });
    linger.resolve();
    finish?.();
    expect(await underWay).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await ended).toBe(0);
    await expect(service.send('/healthcheck')).rejects.toThrow('ECONNREFUSED');
  });

  it('breaks off what takes longer than it may, and says how many', async () => {
    let isAsked = false;
    const service = await startService(
      replacing(() => {
        isAsked = true;
        return new Promise(() => undefined);
      }),
    );
    const broken = service.send('/string/replace', post('{}')).catch(String);
    await vi.waitFor(() => expect(isAsked).toBe(true), 60_000);
    expect(await service.drain(Promise.resolve(), Promise.resolve())).toBe(1);
    expect(await broken).toContain('socket hang up');
    await vi.waitFor(() => expect(service.lines()).toMatchObject([{ status: 499 }]), 60_000);
  });
});
