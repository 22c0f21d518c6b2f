import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { UsagePlan } from '#local/model/model.ts';
import { OK, startTestGateway } from './support/gateway.ts';
import { API_ID, lambdaFunction, method, REGION, regionModel, restApi } from './support/model.ts';

const DOMAIN = 'api.example.com';
const KEY = 'the-secret-key-of-20-chars';
const domainTo = (stage: string) => ({
  domainName: DOMAIN,
  regionalDomainName: `d-1.execute-api.${REGION}.amazonaws.com`,
  mappings: [{ basePath: '', apiId: API_ID, stage }],
});
const plan: UsagePlan = {
  id: 'plan1',
  name: 'live',
  apiStages: ['envA', 'envB'].map((stage) => ({ apiId: API_ID, stage })),
  quota: { limit: 2, offset: 0, period: 'DAY' },
  keys: [{ id: 'key1', name: 'one', value: KEY, enabled: true }],
};
const region = regionModel({
  functions: [
    lambdaFunction({ permissions: ['envA', 'envB'].map((qualifier) => ({ action: '*', principal: '*', qualifier })) }),
  ],
  restApis: [restApi({ methods: [method('GET', '/open'), method('GET', '/test', { apiKeyRequired: true })] })],
  domains: [domainTo('envA')],
  usagePlans: [plan],
});

describe('S0.12: a custom domain that is mapped anew', () => {
  it('leads to the other stage from the next request on, on the same connection; one under way ends where it began', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begin = () => {};
    const began = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const gateway = await startTestGateway({
      region,
      invoke: async ({ qualifier }) => {
        if (qualifier === 'envA') {
          begin();
          await held;
        }
        return { ...OK, payload: { statusCode: 200, body: `${qualifier}` } };
      },
    });
    const socket = createConnection(gateway.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    const request = `GET /open HTTP/1.1\r\nHost: ${DOMAIN}\r\n`;
    socket.write(`${request}\r\n`);
    await began;
    gateway.setDomains([domainTo('envB')]);
    expect((await gateway.send('/open', { headers: { host: DOMAIN } })).text).toBe('envB');
    finish();
    socket.write(`${request}Connection: close\r\n\r\n`);
    await once(socket, 'end');
    expect(received.match(/HTTP\/1\.1 \d+|env[AB]/g)).toEqual(['HTTP/1.1 200', 'envA', 'HTTP/1.1 200', 'envB']);
  });

  it('S0.16: does not start the quota of a key again', async () => {
    const gateway = await startTestGateway({ region });
    const status = async () => (await gateway.send('/test', { headers: { host: DOMAIN, 'x-api-key': KEY } })).status;
    expect([await status(), await status()]).toEqual([200, 200]);
    gateway.setDomains([domainTo('envB')]);
    expect(await status()).toBe(429);
  });

  it('leads nowhere once it is gone', async () => {
    const gateway = await startTestGateway({ region });
    gateway.setDomains([]);
    expect((await gateway.send('/open', { headers: { host: DOMAIN } })).status).toBe(403);
  });
});
