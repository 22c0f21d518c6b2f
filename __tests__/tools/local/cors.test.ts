import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '#tests/support/chromium.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

const APP = 'https://app.example.com';
const LONG = 120_000;

/** What a page comes from: Chromium lets no page of elsewhere call this machine. */
const shop = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>shop'));
let page: string;
let stage: RunningStage;
let browser: Browser | undefined;
beforeAll(async () => {
  await once(shop.listen(0, '127.0.0.1'), 'listening');
  page = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  stage = await startStage({
    terraform: patientFunctions,
    settings: { CORS_ALLOW_ORIGINS: `( "${APP}" "${page}" )`, CORS_ALLOW_CREDENTIALS: '"true"' },
  });
  if (chromiumPath !== undefined)
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}, LONG);
afterAll(async () => {
  await browser?.close();
  await stage?.close();
  shop.close();
});

/** As a browser sends it: `fetch` of Node leaves out an `Origin`. */
async function asked(method: string, path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number | undefined; cors: Readonly<Record<string, unknown>> }>((resolve, reject) => {
    const sent = request(`${stage.summary.entry}${path}`, { method, headers, agent: false }, (response) => {
      response.resume();
      const { vary, ...others } = response.headers;
      const cors = Object.entries(others).filter(([name]) => name.startsWith('access-control-'));
      resolve({ status: response.statusCode, cors: { vary, ...Object.fromEntries(cors) } });
    });
    sent.once('error', reject).end();
  });
}

/** What a page of `APP` may read, whoever responds. */
const READABLE = {
  vary: 'Origin',
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'apigw-requestid,x-amzn-requestid',
};

describe('the REST API to pages of other origins (S2.2)', () => {
  it.each(['/healthcheck', '/user/a1B2c3D4', '/string/replace', '/test'])(
    'lets a browser ask before it calls %s, without a key',
    async (path) => {
      const preflight = { origin: APP, 'access-control-request-method': 'POST' };
      const asking = { ...preflight, 'access-control-request-headers': 'content-type,x-api-key' };
      expect(await asked('OPTIONS', path, asking)).toEqual({
        status: 204,
        cors: {
          vary: 'Origin',
          'access-control-allow-origin': APP,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'DELETE,GET,OPTIONS,PATCH,POST,PUT',
          'access-control-allow-headers': expect.stringContaining('x-api-key'),
          'access-control-max-age': '3600',
        },
      });
      const { cors } = await asked('OPTIONS', path, { ...asking, origin: 'https://other.example' });
      expect(cors).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it('shows them what a proxy integration responds, and what mapping templates do', async () => {
    expect(await asked('GET', '/healthcheck?shallow=true', { origin: APP })).toEqual({ status: 200, cors: READABLE });
    expect(await asked('GET', '/user/a1B2c3D4', { origin: APP })).toEqual({ status: 404, cors: READABLE });
    for (const path of ['/healthcheck?shallow=true', '/user/a1B2c3D4']) {
      const { cors } = await asked('GET', path, { origin: 'https://other.example' });
      expect(cors).toMatchObject({ vary: 'Origin' });
      expect(cors).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('shows them what it refuses: no key, no route', async () => {
    expect(await asked('POST', '/string/replace', { origin: APP })).toEqual({ status: 403, cors: READABLE });
    expect(await asked('GET', '/nowhere', { origin: APP })).toEqual({ status: 404, cors: READABLE });
  });

  it.skipIf(chromiumPath === undefined)(
    'is called by a page in Chromium, credentials and key with it',
    async () => {
      const tab = await browser?.newPage();
      await tab?.goto(page);
      const results = await tab?.evaluate(
        async ({ entry, key }) => {
          const calling = async (path: string, init: RequestInit) => {
            const response = await fetch(`${entry}${path}`, { credentials: 'include', ...init });
            const id = response.headers.get('x-amzn-requestid');
            return { status: response.status, hasId: id !== null, body: await response.json() };
          };
          const json = { 'content-type': 'application/json' };
          const body = JSON.stringify('hello');
          return [
            await calling('/user/Page1234', { method: 'POST', headers: json, body: JSON.stringify({ name: 'Ada' }) }),
            await calling('/user/Page1234', {}),
            await calling('/string/replace', { method: 'POST', headers: json, body }),
            await calling('/test', { headers: { 'x-api-key': key } }),
          ];
        },
        { entry: stage.summary.entry, key: stage.summary.apiKey },
      );
      expect(results).toMatchObject([
        { status: 200, hasId: true },
        { status: 200, hasId: true, body: { name: 'Ada' } },
        { status: 403, hasId: true },
        { status: 200, hasId: true },
      ]);
    },
    LONG,
  );
});
