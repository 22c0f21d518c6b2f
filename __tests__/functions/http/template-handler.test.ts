import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { getUser } from '#contract/get-user.ts';
import type { postUser } from '#contract/post-user.ts';
import { BadRequestError } from '#functions/http/error-response.ts';
import { type TemplateMethods, templateHandler } from '#functions/http/template-handler.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';

type Serve = TemplateMethods<typeof getUser>['GET'];
const errors = quietLog();
const event = { _method: 'GET', stage: 'envA', requestId: 'r-1', id: 'a1B2c3D4' };
const call = (serve: Serve, changes: Record<string, unknown> = {}) =>
  templateHandler<typeof getUser>('user', { GET: serve })({ ...event, ...changes }, lambdaContext('user'));

describe('templateHandler (S1.3)', () => {
  it('returns the body of a 200 itself', async () => {
    const user = { id: 'a1B2c3D4', name: 'Ada' };
    expect(await call(async () => ({ status: 200, body: user }))).toEqual(user);
  });

  it('passes environment, request id and fields', async () => {
    const serve = vi.fn<Serve>(async () => ({ status: 200, body: { id: 'a1B2c3D4', name: 'Ada' } }));
    await call(serve, { stage: 'preview' });
    expect(serve).toHaveBeenCalledWith(
      expect.objectContaining({ env: 'preview', requestId: 'r-1', fields: { ...event, stage: 'preview' } }),
    );
  });

  it('fails with the status before the cause, for the integration response to be selected by', async () => {
    const body = { error: 'There is no user', requestId: 'r-1' };
    const refused = call(async () => ({ status: 404, body }));
    await expect(refused).rejects.toThrow(/^404: There is no user$/);
    await expect(refused).rejects.toMatchObject({ stack: 'StatusError: 404: There is no user' });
    expect(errors()).toEqual([]);
  });

  it('makes a bad request a 400 with its cause', async () => {
    const refused = call(() => Promise.reject(new BadRequestError('id: Invalid id')));
    await expect(refused).rejects.toThrow(/^400: id: Invalid id$/);
  });

  it.each([
    ['an error', new Error('ECONNREFUSED 10.0.0.7')],
    ['an error that looks like an answer', new Error('404: secret')],
    ['an error without a message', new Error('')],
    ['no error', 'a string'],
    ['nothing', undefined],
  ])('logs %s and says nothing of it', async (_, thrown) => {
    await expect(call(() => Promise.reject(thrown))).rejects.toThrow(/^500: Internal server error$/);
    expect(errors()).toHaveLength(1);
    expect(errors()[0]).toMatchObject({ service: 'user', requestId: 'r-1', correlation_id: 'r-1' });
  });

  it('never fails with an empty cause', async () => {
    await expect(call(async () => ({ status: 404, body: { error: '', requestId: '' } }))).rejects.toThrow(/^404: .+/);
  });

  it('knows no other methods, not even those that every object has', async () => {
    for (const _method of ['POST', 'toString', '__proto__', undefined]) {
      await expect(call(vi.fn(), { _method })).rejects.toThrow('500: Internal server error');
    }
  });

  it("wants each of the function's methods, answering what its contract declares", () => {
    expectTypeOf<keyof TemplateMethods<typeof getUser | typeof postUser>>().toEqualTypeOf<'GET' | 'POST'>();
    expectTypeOf<() => Promise<{ status: 418; body: string }>>().not.toExtend<Serve>();
  });
});
