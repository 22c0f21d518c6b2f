import { describe, expect, it } from 'vitest';
import { corsHandlers, corsVariable } from '#container/cors.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import { startService } from './support/running-service.ts';

const PAGE = 'https://app.example.com';
const cors = corsVariable({
  allowOrigins: [PAGE, 'https://admin.example.com'],
  exposeHeaders: ['x-request-id'],
  allowCredentials: false,
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['content-type', 'x-api-key'],
  maxAgeSeconds: 600,
});

const served = {
  operations: [healthcheck],
  handlers: new Map([
    [
      'healthcheck',
      restHandler<typeof healthcheck>('healthcheck', {
        'GET /healthcheck': async () => ({
          status: 200,
          body: { status: 'ok', check: 'shallow', env: 'container', region: 'eu-central-1' },
        }),
      }),
    ],
  ]),
};

describe('pages of other origins and the container API (S3.12)', () => {
  const start = (variable?: string) => startService({ ...served, cors: corsHandlers(variable) });
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
  });

  it('may ask before they send, without a key', async () => {
    const service = await start(cors);
    const answer = await service.send('/healthcheck', preflight(PAGE));
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type,x-api-key',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    const stranger = await service.send('/healthcheck', preflight('https://elsewhere.example'));
    expect(stranger.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await service.send('/no-such-path', preflight(PAGE))).status).toBe(404);
    // Not asked by a browser: no route, as at the gateways.
    expect((await service.send('/healthcheck', { method: 'OPTIONS', headers: { origin: PAGE } })).status).toBe(404);
  });

  it('may read responses and refusals', async () => {
    const service = await start(cors);
    for (const path of ['/healthcheck', '/no-such-path', '/error']) {
      const { headers } = await service.send(path, { headers: { origin: PAGE } });
      expect(headers, path).toMatchObject({
        'access-control-allow-origin': PAGE,
        'access-control-expose-headers': 'x-request-id',
      });
    }
  });

  it('read nothing where the variable is not set, and a variable that is none is refused', async () => {
    const service = await start();
    const { status, headers } = await service.send('/healthcheck', { headers: { origin: PAGE } });
    expect([status, Object.keys(headers).filter((name) => name.startsWith('access-control'))]).toEqual([200, []]);
    expect((await service.send('/healthcheck', preflight(PAGE))).status).toBe(404);
    expect(() => corsHandlers('{"origins":["*"]}')).toThrow('methods');
  });
});
