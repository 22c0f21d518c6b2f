import { describe, expect, it } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { createInvokeAuthorizer } from '#local/iam/authorize-invoke.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import { allow, role, storeOf } from '#tests/tools/local/iam/support.ts';
import { startTestGateway } from './support/gateway.ts';
import { EXECUTION_ARN, REGION, regionWith, route } from './support/model.ts';
import { signed } from './support/sign.ts';

const iam = { authorization: 'AWS_IAM' } as const;
const region = regionWith({
  routes: [route('GET /events', iam), route('POST /events', iam), route('GET /admin', iam), route('GET /open')],
});
const credentials = storeOf([
  role(
    'invoker',
    allow(['execute-api:Invoke'], [`${EXECUTION_ARN}/envA/GET/events`, `${EXECUTION_ARN}/envA/POST/events`]),
  ),
]);
const { allowedInvoker, deniedInvoker } = credentials;
const invoker = credentials.forRole('arn:aws:iam::000000000000:role/invoker');
const FORBIDDEN = { status: 403, text: '{"message":"Forbidden"}' };

async function start() {
  const authorizer = createAuthorizer({ credentials, log: new RuntimeLog() });
  const gateway = await startTestGateway({ region, authorizeIam: createInvokeAuthorizer(authorizer) });
  const sign = (identity: Parameters<typeof signed>[0], request: Partial<Parameters<typeof signed>[1]> = {}) =>
    signed(identity, { path: '/envA/events', host: `127.0.0.1:${gateway.port}`, region: REGION, ...request });
  return { ...gateway, sign };
}
const post = { method: 'POST', body: '{"userId":"u"}' };

describe('S2.6: a route with AWS_IAM authorization', () => {
  it.each([
    ['a user', allowedInvoker.credentials],
    ['a role', invoker],
  ])('lets %s pass whom a policy allows it, with query and body', async (_, identity) => {
    const { send, sign, invocations } = await start();
    expect((await send(...(await sign(identity, { query: { date: '2021-08-28', next: 'a b/c+d=' } })))).status).toBe(
      200,
    );
    expect((await send(...(await sign(identity, post)))).status).toBe(200);
    expect(invocations).toMatchObject([
      { payload: { routeKey: 'GET /events', queryStringParameters: { date: '2021-08-28', next: 'a b/c+d=' } } },
      { payload: { routeKey: 'POST /events', body: post.body } },
    ]);
  });

  it('tells the function who called, and that of an open route of nobody', async () => {
    const { send, sign, invocations } = await start();
    await send(...(await sign(allowedInvoker.credentials)));
    await send('/envA/open');
    expect(invocations[0]?.payload).toMatchObject({
      requestContext: {
        authorizer: {
          iam: {
            accessKey: allowedInvoker.credentials.accessKeyId,
            accountId: '000000000000',
            callerId: allowedInvoker.userId,
            cognitoIdentity: null,
            principalOrgId: null,
            userArn: allowedInvoker.arn,
            userId: allowedInvoker.userId,
          },
        },
      },
    });
    expect(JSON.stringify(invocations[1]?.payload)).not.toContain('authorizer');
  });

  it.each<[string, Parameters<typeof signed>[0], Partial<Parameters<typeof signed>[1]>]>([
    ["nobody's policy allows it: GET", deniedInvoker.credentials, {}],
    ["nobody's policy allows it: POST", deniedInvoker.credentials, post],
    ['the policy is for another route', allowedInvoker.credentials, { path: '/envA/admin' }],
    ['the policy is for another stage', allowedInvoker.credentials, { path: '/envB/events' }],
    ['the policy is for another route, however it is spelled', allowedInvoker.credentials, { path: '/envA/%61dmin' }],
    ['the date is a year old', allowedInvoker.credentials, { signedAt: new Date(Date.now() - 365 * 86_400_000) }],
    ['the date is ten minutes ahead', allowedInvoker.credentials, { signedAt: new Date(Date.now() + 600_000) }],
    ['it is signed for another region', allowedInvoker.credentials, { region: 'us-east-1' }],
    ['it is signed for another service', allowedInvoker.credentials, { service: 's3' }],
    ['it is signed for another host', allowedInvoker.credentials, { host: 'events.example.com' }],
    ['the key is unknown', { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }, {}],
    ['the secret is wrong', { ...allowedInvoker.credentials, secretAccessKey: 'x' }, {}],
    ['the session token is missing', { ...invoker, sessionToken: undefined }, {}],
    ['the session token is another', { ...invoker, sessionToken: 'x' }, {}],
  ])('is 403 when %s', async (_, identity, request) => {
    const { port, send, sign, invocations } = await start();
    const [path, options] = await sign(identity, request);
    const headers = { ...options.headers, host: `127.0.0.1:${port}` };
    expect(await send(path, { ...options, headers })).toMatchObject(FORBIDDEN);
    expect(invocations).toEqual([]);
  });

  it("is 403 without a signature, and with one that can't be read", async () => {
    const { send } = await start();
    expect(await send('/envA/events')).toMatchObject(FORBIDDEN);
    for (const authorization of ['AWS4-HMAC-SHA256 Credential=', 'Bearer x', 'AWS4-HMAC-SHA256', '']) {
      expect(await send('/envA/events', { headers: { authorization } })).toMatchObject(FORBIDDEN);
    }
  });

  it('is 403 when body, query, path or method are not those that were signed', async () => {
    const { send, sign, invocations } = await start();
    const [path, options] = await sign(allowedInvoker.credentials, post);
    expect(await send(path, { ...options, body: '{"userId":"x"}' })).toMatchObject(FORBIDDEN);
    expect(await send(`${path}?date=1`, options)).toMatchObject(FORBIDDEN);
    expect(await send('/envB/events', options)).toMatchObject(FORBIDDEN);
    const [, get] = await sign(allowedInvoker.credentials);
    expect(await send(path, { ...get, method: 'POST' })).toMatchObject(FORBIDDEN);
    expect(invocations).toEqual([]);
  });

  it('refuses everybody where nothing verifies signatures', async () => {
    const gateway = await startTestGateway({ region });
    expect(await gateway.send('/envA/events')).toMatchObject(FORBIDDEN);
    expect((await gateway.send('/envA/open')).status).toBe(200);
  });
});
