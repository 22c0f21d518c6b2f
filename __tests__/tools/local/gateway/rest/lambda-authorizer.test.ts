import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { InvokeResult } from '#local/lambda/invoke-result.ts';
import type { LambdaAuthorizer } from '#local/model/api-model.ts';
import { startTestGateway } from './support/gateway.ts';
import {
  EXECUTION_ARN,
  INTEGRATION_URI,
  lambdaFunction,
  method,
  PERMISSIONS,
  regionModel,
  restApi,
} from './support/model.ts';

const AUTHORIZER_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:app-authorizer';
const token: LambdaAuthorizer = {
  id: 'auth1',
  name: 'sessions',
  type: 'TOKEN',
  uri: INTEGRATION_URI.replace('app-test', 'app-authorizer'),
  identitySources: ['method.request.header.Authorization'],
  ttlSeconds: 300,
};
const custom = (authorizer: Partial<LambdaAuthorizer> = {}) => ({
  authorization: 'CUSTOM' as const,
  authorizer: { ...token, ...authorizer },
});
const REQUEST = {
  id: 'auth2',
  type: 'REQUEST',
  identitySources: ['method.request.header.X-Session', 'method.request.querystring.tenant', 'stageVariables.stage'],
} as const;

const authorizerFunction = (
  permissions = PERMISSIONS.map((each) => ({ ...each, sourceArn: `${EXECUTION_ARN}/authorizers/*` })),
) => lambdaFunction({ name: 'app-authorizer', arn: AUTHORIZER_ARN, permissions });

const regionOf = (fn = authorizerFunction()) =>
  regionModel({
    functions: [lambdaFunction(), fn],
    restApis: [
      restApi({
        methods: [
          method('GET', '/test', custom()),
          method('POST', '/test', custom()),
          method('GET', '/user/{id}', custom()),
          method('GET', '/strict', custom({ id: 'auth3', validationExpression: 'Bearer [a-z]+' })),
          method('GET', '/always', custom({ id: 'auth4', ttlSeconds: 0 })),
          method('GET', '/request', custom(REQUEST)),
          method('GET', '/key', { ...custom(), apiKeyRequired: true }),
          method('GET', '/template', {
            ...custom(),
            integration: { type: 'AWS', requestTemplates: { 'application/json': '$json' } },
          }),
        ],
        stages: ['envA', 'envB'].map((name) => ({
          name,
          deploymentId: 'd',
          variables: { stage: name },
          accessLog: {
            logGroup: '/aws/rest',
            format: '$context.authorizer.principalId $context.authorizer.plan $context.status',
          },
        })),
      }),
    ],
  });

const policy = (Effect: 'Allow' | 'Deny', Resource: string | string[], more: object = {}) => ({
  principalId: 'ada',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
  ...more,
});
const returned = (payload: unknown): InvokeResult => ({ ok: true, requestId: 'i', payload });

/** A gateway whose authorizer says this. */
async function start(say: unknown | (() => InvokeResult) = policy('Allow', `${EXECUTION_ARN}/*`), region = regionOf()) {
  const gateway = await startTestGateway({
    region,
    invoke: async ({ functionName }) => {
      if (functionName === 'app-test') return returned({ statusCode: 200, body: '{"fine":true}' });
      return typeof say === 'function' ? say() : returned(say);
    },
  });
  const asked = () => gateway.invocations.filter(({ functionName }) => functionName === 'app-authorizer');
  const served = () => gateway.invocations.filter(({ functionName }) => functionName === 'app-test');
  const get = (path = '/envA/test', authorization: string | undefined = 'secret', method = 'GET') =>
    gateway.send(path, { method, headers: { ...(authorization && { authorization }) } });
  return { ...gateway, asked, served, get };
}

describe('B14: a method with a Lambda authorizer', () => {
  it('asks the alias of its stage for the token, and tells the function what came of it', async () => {
    const context = { plan: 'gold', seats: 3, trial: false };
    const { get, asked, served, accessLines } = await start(
      policy('Allow', `${EXECUTION_ARN}/envA/GET/test`, { context }),
    );
    expect((await get()).status).toBe(200);
    expect(asked()).toMatchObject([
      {
        qualifier: 'envA',
        payload: { type: 'TOKEN', authorizationToken: 'secret', methodArn: `${EXECUTION_ARN}/envA/GET/test` },
      },
    ]);
    expect(served()[0]?.payload).toMatchObject({
      requestContext: { authorizer: { principalId: 'ada', plan: 'gold', seats: '3', trial: 'false' } },
    });
    expect(accessLines()).toEqual(['ada gold 200']);
  });

  it('gives a REQUEST authorizer the request without its body', async () => {
    const { send, asked } = await start();
    const headers = { 'X-Session': 's1' };
    expect((await send('/envA/request?tenant=t1', { headers })).status).toBe(200);
    expect(asked()[0]?.payload).toMatchObject({
      type: 'REQUEST',
      methodArn: `${EXECUTION_ARN}/envA/GET/request`,
      resource: '/request',
      httpMethod: 'GET',
      headers: { 'X-Session': 's1' },
      queryStringParameters: { tenant: 't1' },
      stageVariables: { stage: 'envA' },
      requestContext: { stage: 'envA' },
    });
    expect(asked()[0]?.payload).not.toHaveProperty('body');
    for (const [path, sent] of [
      ['/envA/request?tenant=t1', {}],
      ['/envA/request', headers],
    ] as const) {
      expect(await send(path, { headers: sent })).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    }
    expect(asked()).toHaveLength(1);
  });

  it('is 401 without a token, or with one of another form, and nobody is asked', async () => {
    const { get, asked } = await start();
    expect(await get('/envA/test', '')).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect((await get('/envA/strict', 'Bearer 1')).status).toBe(401);
    expect((await get('/envA/strict', 'xBearer a')).status).toBe(401);
    expect(asked()).toEqual([]);
    expect((await get('/envA/strict', 'Bearer a')).status).toBe(200);
  });

  it.each<[string, object, string]>([
    [
      'denies',
      policy('Deny', `${EXECUTION_ARN}/*`),
      'User is not authorized to access this resource with an explicit deny',
    ],
    [
      'allows another method',
      policy('Allow', `${EXECUTION_ARN}/envA/POST/test`),
      'User is not authorized to access this resource',
    ],
    [
      'allows another stage',
      policy('Allow', `${EXECUTION_ARN}/envB/*`),
      'User is not authorized to access this resource',
    ],
    [
      'has another action',
      { principalId: 'a', policyDocument: { Statement: { Action: 's3:*', Effect: 'Allow', Resource: '*' } } },
      'User is not authorized to access this resource',
    ],
  ])('is 403 when the policy %s', async (_, say, message) => {
    const { get, served } = await start(say);
    expect(await get()).toMatchObject({ status: 403, text: JSON.stringify({ message }) });
    expect(served()).toEqual([]);
  });

  it('is 401 when the function throws Unauthorized, and 500 for whatever else it throws', async () => {
    const thrown = (errorMessage: string) => (): InvokeResult => ({
      ok: false,
      kind: 'error',
      requestId: 'i',
      errorType: 'Error',
      errorMessage,
    });
    expect((await (await start(thrown('Unauthorized'))).get()).status).toBe(401);
    const broken = await start(thrown('no database'));
    expect((await broken.get()).status).toBe(500);
    expect(broken.warnings()).toEqual([expect.stringContaining('authorizer sessions: it threw Error: no database')]);
    expect(broken.served()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'Allow'],
    ['no policy', { principalId: 'ada' }],
    ['no principal', { policyDocument: { Statement: [] } }],
    ['a context with an object', policy('Allow', '*', { context: { user: { name: 'ada' } } })],
  ])('is 500 when the function returns %s', async (_, say) => {
    const { get, served, warnings } = await start(say);
    expect((await get()).status).toBe(500);
    expect(warnings()).toEqual([expect.stringContaining('it returned no policy of a caller')]);
    expect(served()).toEqual([]);
  });

  it('is 500 where API Gateway may not invoke the authorizer, whatever routes it may', async () => {
    const routes = PERMISSIONS.map((each) => ({ ...each, sourceArn: `${EXECUTION_ARN}/envA/GET/test` }));
    const { get, warnings } = await start(undefined, regionOf(authorizerFunction(routes)));
    expect((await get()).status).toBe(500);
    expect(warnings()[0]).toContain(`source ARN ${EXECUTION_ARN}/authorizers/auth1`);
  });

  it('keeps its word of a caller for all methods of a stage, until it is too old', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { get, asked } = await start(policy('Allow', `${EXECUTION_ARN}/envA/*/test`));
    expect((await get()).status).toBe(200);
    expect((await get('/envA/test', 'secret', 'POST')).status).toBe(200);
    // What was said once holds: it is not asked again for a resource that its policy does not name.
    expect((await get('/envA/user/1')).status).toBe(403);
    expect(asked()).toHaveLength(1);
    await get('/envA/test', 'other');
    await get('/envB/test');
    expect(asked().map(({ qualifier }) => qualifier)).toEqual(['envA', 'envA', 'envB']);
    vi.advanceTimersByTime(300_000);
    await get();
    expect(asked()).toHaveLength(4);
  });

  it('is asked each time where nothing is kept', async () => {
    const { get, asked } = await start();
    await get('/envA/always');
    await get('/envA/always');
    expect(asked()).toHaveLength(2);
  });

  it('comes before the API key, and does not stand for one', async () => {
    const { get, asked } = await start();
    expect((await get('/envA/key')).status).toBe(403);
    expect(asked()).toHaveLength(1);
  });
});
