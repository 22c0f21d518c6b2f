import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { type HttpService, listen } from '#local/http/listen.ts';
import { explorerOf } from '#operator/local/page/explorer.ts';
import { apiMessage, regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';
import { stoppedControls } from '#tests/tools/operator/call/stopped-controls.ts';

const received: {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly key: unknown;
  readonly authorization: unknown;
}[] = [];
const server = createServer(({ method, url, headers }, response) => {
  received.push({ method, url, key: headers['x-api-key'], authorization: headers.authorization });
  response.writeHead(201, { 'x-amzn-requestid': 'r1' }).end('{"a":1}');
});
let service: HttpService;
beforeAll(async () => {
  service = await listen(server, 0);
});
afterAll(() => service.close());

function explorer() {
  const { url } = service;
  const own = regionMessage({
    names: [{ kind: 'rest', name: 'api.example.com', environment: 'envA', regionalHost: 'd-1.example.com' }],
    apis: [apiMessage('rest', url, ['envA', 'envB']), apiMessage('http', url, ['envA', 'envB'])],
    usagePlans: [{ name: 'plan', stages: ['envA'], keys: [{ value: 'key-of-envA', enabled: true }] }],
  });
  const message = regionsMessage({
    publicNames: [
      { kind: 'rest', name: 'api.example.com', url },
      { kind: 'http', name: 'events.example.com', url },
    ],
    regions: { primary: own, secondary: { ...own, region: 'eu-west-1' } },
  });
  return explorerOf({ ...stoppedControls, regions: () => message });
}

describe("the page's explorer (B15)", () => {
  it('offers each operation of the contract with its examples, ready to be sent', () => {
    const { operations: offered } = explorer();
    expect(offered.map(({ id }) => id)).toEqual(operations.map(({ id }) => id));
    for (const { examples } of offered) {
      for (const { target } of examples) expect(target).toMatch(/^\/[^{}]*$/);
    }
    expect(offered.find(({ id }) => id === 'post-user')?.examples[0]).toMatchObject({
      target: '/user/a1B2c3D4',
      body: '{\n  "name": "Ada Lovelace"\n}',
    });
  });

  it('calls with the key or the signature that the operation asks for', async () => {
    const got = await explorer().call({ method: 'GET', target: '/test' });
    expect(got).toMatchObject({ status: 201, body: '{"a":1}', requestId: 'r1' });
    await explorer().call({ method: 'GET', target: '/events?date=2021-08-28' });
    expect(received[0]).toMatchObject({ method: 'GET', url: '/test', key: 'key-of-envA', authorization: undefined });
    expect(received[1]).toMatchObject({ key: undefined, authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 /) });
  });

  it('says what is wrong with a call that cannot be sent, and sends nothing', async () => {
    const before = received.length;
    expect(await explorer().call({ method: 'GET', target: '/nowhere' })).toEqual({
      problem: expect.stringContaining('No route GET /nowhere. There are:'),
    });
    expect(await explorer().call({ method: 'GET', target: '@elsewhere.example/test' })).toEqual({
      problem: expect.stringContaining('Write a path that begins with /.'),
    });
    expect(await explorer().call(undefined)).toEqual({ problem: expect.any(String) });
    expect(await explorer().call({ method: 'GET', target: '/test', env: 'envX' })).toEqual({
      problem: expect.stringContaining('--env is "envX", allowed are'),
    });
    expect(received).toHaveLength(before);
  });
});
