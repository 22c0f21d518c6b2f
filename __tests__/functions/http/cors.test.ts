import { afterEach, describe, expect, it, vi } from 'vitest';
import type { healthcheck } from '#contract/healthcheck.ts';
import { type CorsVariable, corsOf } from '#functions/http/cors.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';
import { restEvent } from '#tests/support/rest-event.ts';

const APP = 'https://app.example.com';

function headersFor(origin: string | undefined, variable: Partial<CorsVariable>) {
  return corsOf(JSON.stringify({ origins: ['*'], expose: [], credentials: false, ...variable }))(origin);
}

describe('CORS of what a handler responds (S2.2)', () => {
  it('is the same for all where all may read, with or without an origin', () => {
    expect(headersFor(undefined, { expose: ['etag', 'location'] })).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'etag,location',
    });
    expect(headersFor(APP, {})).toEqual({ 'access-control-allow-origin': '*' });
  });

  it('names the origin that asks, if it is one of those, and says that it varies where there are several', () => {
    const two = { origins: [APP, 'http://localhost:3000'], credentials: true };
    expect(headersFor('http://localhost:3000', two)).toEqual({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    for (const other of [`${APP}.evil.example`, 'http://app.example.com', 'null', '', undefined])
      expect(headersFor(other, two)).toEqual({ vary: 'Origin' });
    expect(headersFor(APP, { origins: [APP] })).toEqual({ 'access-control-allow-origin': APP });
    expect(headersFor('https://a.example', { origins: [APP] })).toEqual({});
  });

  it('takes any origin of a scheme', () => {
    expect(headersFor('https://a.example', { origins: ['https://*'] })).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
    });
    expect(headersFor('http://a.example', { origins: ['https://*'] })).toEqual({ vary: 'Origin' });
  });

  describe('in a REST handler', () => {
    quietLog();
    afterEach(() => vi.unstubAllEnvs());
    const made = () =>
      restHandler<typeof healthcheck>('healthcheck', {
        'GET /healthcheck': async () => {
          throw new Error('secret');
        },
      });

    it('stands on failures, too, and beside what the response varies by itself', async () => {
      vi.stubEnv('CORS', JSON.stringify({ origins: [APP, 'https://b.example'], expose: [], credentials: false }));
      const failing = await made()(restEvent({ path: '/healthcheck', headers: { Origin: APP } }), lambdaContext());
      expect(failing).toMatchObject({ statusCode: 500, headers: { 'access-control-allow-origin': APP } });
      const varying = restHandler<typeof healthcheck>('healthcheck', {
        'GET /healthcheck': async () => ({
          status: 503,
          headers: { vary: 'Accept', 'access-control-allow-origin': '*' },
          body: { status: 'unavailable', failing: [], late: [], env: 'envA', region: 'eu-west-1' },
        }),
      });
      const { headers } = await varying(restEvent({ path: '/healthcheck' }), lambdaContext());
      expect(headers).toMatchObject({ vary: 'Accept, Origin' });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('is nothing without the variable, as in a test or a container', async () => {
      const { headers } = await made()(restEvent({ path: '/healthcheck', headers: { Origin: APP } }), lambdaContext());
      expect(Object.keys(headers ?? {}).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    });
  });
});
