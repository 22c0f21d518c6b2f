import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { deferred } from './rest/support/deferred.ts';
import { startTestGateway } from './rest/support/gateway.ts';
import { API_ID, lambdaFunction, method, regionModel, restApi } from './rest/support/model.ts';
import { DOMAIN, domainTo, KINDS } from './support/kinds.ts';

describe.each(KINDS)('S0.12: a custom domain of $kind APIs that is mapped anew', ({ startOpen, nowhere }) => {
  it('leads to the other stage from the next request on, on the same connection; one under way ends where it began', async () => {
    const held = deferred();
    const began = deferred();
    const invoke = async (qualifier: string) => {
      if (qualifier === 'envA') {
        began.resolve();
        await held.promise;
      }
      return qualifier;
    };
    const gateway = await startOpen(invoke, [domainTo('envA')]);
    const socket = createConnection(gateway.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    const request = `GET /any/x HTTP/1.1\r\nHost: ${DOMAIN}\r\n`;
    socket.write(`${request}\r\n`);
    await began.promise;
    gateway.setDomains([domainTo('envB')]);
    expect((await gateway.send('/any/x', { headers: { host: DOMAIN } })).text).toBe('envB');
    held.resolve();
    socket.write(`${request}Connection: close\r\n\r\n`);
    await once(socket, 'end');
    expect(received.match(/HTTP\/1\.1 \d+|env[AB]/g)).toEqual(['HTTP/1.1 200', 'envA', 'HTTP/1.1 200', 'envB']);
  });

  it('leads nowhere once it is gone', async () => {
    const gateway = await startOpen(undefined, [domainTo('envA')]);
    gateway.setDomains([]);
    expect(await gateway.send('/any/x', { headers: { host: DOMAIN } })).toMatchObject(nowhere);
  });
});

it('S0.16: a domain that is mapped anew does not start the quota of a key again', async () => {
  const key = 'the-secret-key-of-20-chars';
  const region = regionModel({
    functions: [
      lambdaFunction({
        permissions: ['envA', 'envB'].map((qualifier) => ({ action: '*', principal: '*', qualifier })),
      }),
    ],
    restApis: [restApi({ methods: [method('GET', '/test', { apiKeyRequired: true })] })],
    domains: [domainTo('envA')],
    usagePlans: [
      {
        id: 'plan1',
        name: 'live',
        apiStages: ['envA', 'envB'].map((stage) => ({ apiId: API_ID, stage })),
        quota: { limit: 2, offset: 0, period: 'DAY' },
        keys: [{ id: 'key1', name: 'one', value: key, enabled: true }],
      },
    ],
  });
  const gateway = await startTestGateway({ region });
  const status = async () => (await gateway.send('/test', { headers: { host: DOMAIN, 'x-api-key': key } })).status;
  expect([await status(), await status()]).toEqual([200, 200]);
  gateway.setDomains([domainTo('envB')]);
  expect(await status()).toBe(429);
});
