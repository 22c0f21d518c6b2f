import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { listEvents } from '#contract/list-events.ts';
import type { postEvent } from '#contract/post-event.ts';
import { BadRequestError } from '#functions/http/error-response.ts';
import { httpHandler } from '#functions/http/http-handler.ts';
import type { Routes as RoutesOf } from '#functions/http/routes.ts';
import { type HttpEventOptions, httpEvent } from '#tests/support/http-event.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';

type Routes = RoutesOf<typeof listEvents | typeof postEvent>;
const errors = quietLog();
const routes = {
  'GET /events': async () => ({ status: 200, body: { Items: [], Count: 0 } }),
  'POST /events': async () => ({ status: 200, body: 'Put item x' }),
} as const satisfies Routes;
const call = (served: Partial<Routes>, event: HttpEventOptions = {}) =>
  httpHandler<typeof listEvents | typeof postEvent>('events', { ...routes, ...served })(
    httpEvent(event),
    lambdaContext('events'),
  );

describe('httpHandler (S2.1)', () => {
  it('serves each route by its key and answers uncached JSON, a string as a JSON string', async () => {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    expect(await call({})).toEqual({ statusCode: 200, headers, body: '{"Items":[],"Count":0}' });
    expect(await call({}, { method: 'POST' })).toEqual({ statusCode: 200, headers, body: '"Put item x"' });
  });

  it('passes stage, query and body', async () => {
    const serve = vi.fn<Routes['POST /events']>(async ({ json }) => ({ status: 200, body: String(json()) }));
    const { body } = await call(
      { 'POST /events': serve },
      { method: 'POST', stage: 'preview', query: { a: 'b' }, body: '7' },
    );
    expect(body).toBe('"7"');
    expect(serve).toHaveBeenCalledWith(expect.objectContaining({ env: 'preview', query: { a: 'b' } }));
  });

  it('answers a bad request with its cause and logs no error', async () => {
    const refuse = () => Promise.reject(new BadRequestError('date: Invalid ISO date'));
    const answer = await call({ 'GET /events': refuse }, { requestId: 'r-1' });
    expect(answer).toMatchObject({ statusCode: 400, body: '{"error":"date: Invalid ISO date","requestId":"r-1"}' });
    expect(errors()).toEqual([]);
  });

  it('answers 500 without the cause whatever else is thrown, and logs it', async () => {
    const fail = () => Promise.reject(new Error('table app-dev-event-log'));
    const answer = await call({ 'GET /events': fail }, { requestId: 'r-1', headers: { 'x-correlation-id': 'o-1' } });
    expect(answer).toMatchObject({ statusCode: 500, body: '{"error":"Internal server error","requestId":"r-1"}' });
    expect(errors()).toEqual([
      expect.objectContaining({
        correlation_id: 'o-1',
        error: expect.objectContaining({ message: 'table app-dev-event-log' }),
      }),
    ]);
  });

  it("answers 500 to a route that is none of the function's", async () => {
    expect(await call({}, { method: 'DELETE' })).toMatchObject({ statusCode: 500 });
  });

  it("wants each of the function's routes", () => {
    expectTypeOf<keyof Routes>().toEqualTypeOf<'GET /events' | 'POST /events'>();
  });
});
