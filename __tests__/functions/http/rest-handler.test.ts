import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { healthcheck } from '#contract/healthcheck.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import type { Routes } from '#functions/http/routes.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { restEvent as anyEvent, type RestEventOptions } from '#tests/support/rest-event.ts';

const ok = { status: 200, body: { status: 'ok', check: 'shallow', env: 'envA', region: 'eu-central-1' } } as const;

const restEvent = (options: RestEventOptions = {}) => anyEvent({ path: '/healthcheck', ...options });
const servedBy = (serve: Routes<typeof healthcheck>['GET /healthcheck']) =>
  restHandler<typeof healthcheck>('healthcheck', { 'GET /healthcheck': serve });

beforeEach(() => {
  // Powertools logs to the global console in development mode.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(console, 'info').mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('restHandler', () => {
  it('answers status and body as uncached JSON', async () => {
    const handler = servedBy(async () => ok);
    expect(await handler(restEvent(), lambdaContext())).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify(ok.body),
    });
  });

  it('passes path parameters, none where the route has none', async () => {
    const serve = vi.fn(async () => ok);
    const handler = servedBy(serve);
    await handler(restEvent({ pathParameters: { id: 'a b' } }), lambdaContext());
    await handler(restEvent(), lambdaContext());
    const request = (pathParameters: object) => expect.objectContaining({ pathParameters });
    expect(serve.mock.calls).toEqual([[request({ id: 'a b' })], [request({})]]);
  });

  it("passes the gateway's stage and the query string", async () => {
    const serve = vi.fn(async () => ok);
    const handler = servedBy(async (request) => {
      expect(request.env).toBe('envB');
      expect(request.query.shallow).toBe('');
      return serve();
    });
    await handler(restEvent({ stage: 'envB', query: { shallow: '' } }), lambdaContext());
    expect(serve).toHaveBeenCalledOnce();
  });

  it('knows no query string parameters when there are none', async () => {
    const handler = servedBy(async ({ query }) => {
      expect(query.shallow).toBeUndefined();
      return ok;
    });
    expect((await handler(restEvent(), lambdaContext())).statusCode).toBe(200);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('table app-dev-table-a at 10.0.0.7'))],
    [
      'throws before its first await',
      () => {
        throw new TypeError('table app-dev-table-a at 10.0.0.7');
      },
    ],
  ])('answers 500 without the cause when the operation %s, and logs it', async (_, serve) => {
    const handler = servedBy(serve);
    const answer = await handler(
      restEvent({ requestId: 'r-1', headers: { 'X-Correlation-Id': 'order-4711' } }),
      lambdaContext('healthcheck'),
    );
    expect(answer).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body)).toEqual({ error: 'Internal server error', requestId: 'r-1' });

    expect(console.error).toHaveBeenCalledOnce();
    const logged = JSON.parse(String(vi.mocked(console.error).mock.calls[0]?.[0]));
    expect(logged).toMatchObject({
      level: 'ERROR',
      service: 'healthcheck',
      correlation_id: 'order-4711',
      requestId: 'r-1',
      function_request_id: lambdaContext().awsRequestId,
      error: { message: 'table app-dev-table-a at 10.0.0.7' },
    });
  });

  it("does not carry one request's keys into the next request's log", async () => {
    const handler = servedBy(async ({ log }) => {
      log.info('served');
      return ok;
    });
    await handler(restEvent({ headers: { 'x-correlation-id': 'first' } }), lambdaContext());
    await handler(restEvent({ requestId: 'second' }), lambdaContext());
    const ids = vi.mocked(console.info).mock.calls.map(([line]) => JSON.parse(String(line)).correlation_id);
    expect(ids).toEqual(['first', 'second']);
  });
});
