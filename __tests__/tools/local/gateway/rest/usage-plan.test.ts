import { describe, expect, it } from 'vitest';
import type { UsagePlan } from '#local/model/api-model.ts';
import { startTestGateway } from './support/gateway.ts';
import { API_ID, lambdaFunction, method, PERMISSIONS, regionModel, restApi } from './support/model.ts';

const KEY = 'the-secret-key-of-20-chars';
const plan: UsagePlan = {
  id: 'plan1',
  name: 'live',
  apiStages: [
    { apiId: API_ID, stage: 'envA' },
    { apiId: API_ID, stage: 'envB' },
  ],
  keys: [
    { id: 'key1', name: 'one', value: KEY, enabled: true },
    { id: 'key2', name: 'off', value: 'disabled-key-of-20-chars', enabled: false },
    { id: 'key3', name: 'two', value: 'another-key-of-20-chars', enabled: true },
  ],
};
const api = restApi({
  methods: [method('GET', '/test', { apiKeyRequired: true }), method('GET', '/open')],
  stages: ['envA', 'envB', 'preview'].map((name) => ({ name, deploymentId: name, variables: { stage: 'envA' } })),
});

const functions = [
  lambdaFunction({
    permissions: PERMISSIONS.map(({ action, principal, qualifier }) => ({
      action,
      principal,
      ...(qualifier && { qualifier }),
    })),
  }),
];

async function start(overrides: Partial<UsagePlan> = {}) {
  let time = Date.parse('2026-11-21T12:00:00Z');
  const region = regionModel({ functions, restApis: [api], usagePlans: [{ ...plan, ...overrides }] });
  const gateway = await startTestGateway({ region, clocks: { epoch: () => time, monotonic: () => time } });
  const get = async (path: string, key: string | string[] = KEY) =>
    (await gateway.send(path, { headers: { 'X-API-Key': key } })).status;
  return { ...gateway, get, pass: (milliseconds: number) => (time += milliseconds) };
}

describe('S0.9, S0.16: the API key', () => {
  it('opens the stages of its plan, and the function is told which it was', async () => {
    const gateway = await start();
    expect([await gateway.get('/envA/test'), await gateway.get('/envB/test')]).toEqual([200, 200]);
    expect(gateway.invocations[0]?.payload).toMatchObject({
      requestContext: { identity: { apiKey: KEY, apiKeyId: 'key1' } },
    });
  });

  it.each<[string, string, Record<string, string | string[]>]>([
    ['is missing', '/envA/test', {}],
    ['is empty', '/envA/test', { 'x-api-key': '' }],
    ['is wrong', '/envA/test', { 'x-api-key': `${KEY}x` }],
    ['is disabled', '/envA/test', { 'x-api-key': 'disabled-key-of-20-chars' }],
    ['is sent twice', '/envA/test', { 'x-api-key': [KEY, KEY] }],
    ['is a name that every object has', '/envA/test', { 'x-api-key': 'constructor' }],
    ['belongs to no plan of the stage', '/preview/test', { 'x-api-key': KEY }],
  ])('gets 403 when it %s', async (_, path, headers) => {
    const gateway = await start();
    const answer = await gateway.send(path, { headers });
    expect(answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(answer.headers['x-amzn-errortype']).toBe('ForbiddenException');
    expect(gateway.invocations).toEqual([]);
  });

  it('is not asked for where the method does not require it', async () => {
    const gateway = await start({ quota: { limit: 0, offset: 0, period: 'DAY' } });
    expect((await gateway.send('/preview/open')).status).toBe(200);
  });
});

describe('S3.4: usage plan', () => {
  it('throttles a key over all stages of the plan, each key on its own, and lets it pass again with time', async () => {
    const gateway = await start({ throttle: { rateLimit: 1, burstLimit: 2 } });
    expect([
      await gateway.get('/envA/test'),
      await gateway.get('/envB/test'),
      await gateway.get('/envA/test'),
      await gateway.get('/envA/test', 'another-key-of-20-chars'),
    ]).toEqual([200, 200, 429, 200]);
    gateway.pass(1000);
    expect([await gateway.get('/envA/test'), await gateway.get('/envA/test')]).toEqual([200, 429]);
    const refused = await gateway.send('/envA/test', { headers: { 'x-api-key': KEY } });
    expect(refused.text).toBe('{"message":"Too Many Requests"}');
    expect(refused.headers['x-amzn-errortype']).toBe('TooManyRequestsException');
  });

  it("ends a day's quota with 429 until the next day", async () => {
    const gateway = await start({ quota: { limit: 1, offset: 0, period: 'DAY' } });
    expect([await gateway.get('/envA/test'), await gateway.get('/envA/test')]).toEqual([200, 429]);
    const refused = await gateway.send('/envA/test', { headers: { 'x-api-key': KEY } });
    expect(refused.text).toBe('{"message":"Limit Exceeded"}');
    expect(refused.headers['x-amzn-errortype']).toBe('LimitExceededException');
    gateway.pass(12 * 60 * 60 * 1000);
    expect(await gateway.get('/envA/test')).toBe(200);
  });

  it('counts in each region on its own', async () => {
    const quota = { limit: 1, offset: 0, period: 'DAY' } as const;
    const [primary, secondary] = [await start({ quota }), await start({ quota })];
    expect([await primary.get('/envA/test'), await primary.get('/envA/test')]).toEqual([200, 429]);
    expect(await secondary.get('/envA/test')).toBe(200);
  });
});
