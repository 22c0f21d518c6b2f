import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AskIssuer, createIssuerKeys } from '#local/jwt/issuer-keys.ts';
import { startTestGateway } from './support/gateway.ts';
import { regionWith, route } from './support/model.ts';

const ISSUER = 'https://issuer.example.com/pool';
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const { privateKey: strangersKey } = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };

const jwt = {
  issuer: ISSUER,
  audience: ['app', 'other-app'],
  scopes: [],
  identitySources: ['$request.header.Authorization'],
};
const region = regionWith({
  routes: [
    route('GET /events', { authorization: 'JWT', jwt }),
    route('GET /format-1', { authorization: 'JWT', jwt, integration: { payloadFormatVersion: '1.0' } }),
    route('POST /events', { authorization: 'JWT', jwt: { ...jwt, scopes: ['events/write', 'admin'] } }),
    route('GET /query', { authorization: 'JWT', jwt: { ...jwt, identitySources: ['$request.querystring.token'] } }),
    route('ANY /{proxy+}', { authorization: 'JWT', jwt }),
  ],
  stages: [
    {
      name: 'envA',
      deploymentId: 'd',
      variables: { stage: 'envA' },
      accessLog: {
        logGroup: '/aws/http',
        format: '$context.authorizer.claims.sub $context.authorizer.claims.absent $context.authorizer.error',
      },
    },
  ],
});

const now = () => Math.floor(Date.now() / 1000);

/** A token that a route takes, but for what a test says. */
function token(
  claims: JWTPayload = {},
  {
    kid = 'key-1',
    alg = 'RS256',
    key = privateKey,
  }: { kid?: string | null; alg?: string; key?: typeof privateKey } = {},
): Promise<string> {
  const payload = { iss: ISSUER, aud: 'app', sub: 'ada', iat: now(), exp: now() + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg, ...(kid !== null && { kid }) }).sign(key);
}

/** A gateway with an issuer that publishes the key, and says what it was asked for. */
async function start(respond: (url: string) => Promise<Response> = publish) {
  const asked: string[] = [];
  const ask: AskIssuer = (url) => {
    asked.push(url);
    return respond(url);
  };
  const gateway = await startTestGateway({ region, keysOf: createIssuerKeys(ask) });
  const call = (authorization?: string, path = '/envA/events', method = 'GET') =>
    gateway.send(path, { method, ...(authorization !== undefined && { headers: { authorization } }) });
  return { ...gateway, call, asked };
}

async function publish(url: string): Promise<Response> {
  if (url.endsWith('/openid-configuration')) return Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
  return Response.json({ keys: [jwk] });
}

const invalid = (description: string, scope = '') =>
  `Bearer scope="${scope}" error="invalid_token" error_description="${description}"`;

describe('S2.6: a route with a JWT authorizer', () => {
  it.each([
    ['after Bearer', 'Bearer '],
    ['after bearer in small letters', 'bearer '],
    ['alone', ''],
  ])('takes a token of its issuer %s, and tells the function its claims as texts', async (_, before) => {
    const { call, invocations, accessLines } = await start();
    const claims = { 'cognito:groups': ['admins', 'users'], verified: true, scope: 'read write' };
    expect((await call(`${before}${await token(claims)}`)).status).toBe(200);
    expect(invocations[0]?.payload).toMatchObject({
      requestContext: {
        authorizer: {
          jwt: {
            claims: {
              iss: ISSUER,
              aud: 'app',
              sub: 'ada',
              exp: expect.stringMatching(/^\d+$/),
              'cognito:groups': '[admins users]',
              verified: 'true',
              scope: 'read write',
            },
            scopes: null,
          },
        },
      },
    });
    expect(accessLines()).toEqual(['ada - -']);
  });

  it('tells a function of payload format 1.0 the same, where that has it', async () => {
    const { call, invocations } = await start();
    await call(await token(), '/envA/format-1');
    expect(invocations[0]?.payload).toMatchObject({
      requestContext: { authorizer: { claims: { sub: 'ada' }, scopes: null } },
    });
  });

  it('takes the token where its identity source says', async () => {
    const { call } = await start();
    expect((await call(undefined, `/envA/query?token=${await token()}`)).status).toBe(200);
    expect((await call(await token(), '/envA/query')).status).toBe(401);
  });

  it.each<[string, JWTPayload]>([
    ['one of several audiences', { aud: ['elsewhere', 'other-app'] }],
    ["a client's id without an audience, as Cognito's access tokens have it", { aud: undefined, client_id: 'app' }],
    ['no time of issue', { iat: undefined }],
    ['a beginning that has come', { nbf: now() - 1 }],
  ])('takes a token with %s', async (_, claims) => {
    const { call } = await start();
    expect((await call(await token(claims))).status).toBe(200);
  });

  it.each<[string, JWTPayload, string]>([
    ['it has expired', { exp: now() - 1 }, 'the token has expired'],
    ['it never expires', { exp: undefined }, 'the claim exp is not valid'],
    ['it is not valid yet', { nbf: now() + 30 }, 'the token is not valid yet'],
    ['it comes from the future', { iat: now() + 30 }, 'the token was issued in the future'],
    ['it is for others', { aud: 'elsewhere' }, 'the token does not have a valid audience'],
    [
      'it is for others, though its client is known',
      { aud: 'x', client_id: 'app' },
      'the token does not have a valid audience',
    ],
    ['it is for nobody', { aud: undefined }, 'the token does not have a valid audience'],
    ['its issuer is another', { iss: 'https://evil.example.com' }, 'the token does not have a valid issuer'],
    ['its issuer ends with a slash', { iss: `${ISSUER}/` }, 'the token does not have a valid issuer'],
  ])('is 401 when %s', async (_, claims, description) => {
    const { call, invocations, accessLines } = await start();
    const response = await call(`Bearer ${await token(claims)}`);
    expect(response).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(response.headers['www-authenticate']).toBe(invalid(description));
    expect(accessLines()).toEqual([`- - invalid_token: ${description}`]);
    expect(invocations).toEqual([]);
  });

  it.each<[string, () => Promise<string> | string, string]>([
    [
      'nobody signed it',
      () => new UnsecuredJWT({ iss: ISSUER, aud: 'app', exp: now() + 60 } as JWTPayload).encode(),
      'the algorithm of the token is not supported',
    ],
    ['the public key is its secret', signedByPublicKey, 'the algorithm of the token is not supported'],
    ['a stranger signed it', () => token({}, { key: strangersKey }), 'the signature of the token is not valid'],
    ['its key is unknown', () => token({}, { kid: 'key-2' }), 'no key of the issuer has the kid of the token'],
    ['it names no key', () => token({}, { kid: null }), 'no key of the issuer has the kid of the token'],
    ['its claims were changed', async () => changed(await token()), 'the signature of the token is not valid'],
    ['it is none', () => 'eyJhbGciOiJSUzI1NiJ9.e30', 'the token cannot be decoded'],
    ['it is a word', () => 'hello', 'the token cannot be decoded'],
  ])('is 401 when %s', async (_, make, description) => {
    const { call, invocations } = await start();
    const response = await call(`Bearer ${await make()}`);
    expect([response.status, response.headers['www-authenticate']]).toEqual([401, invalid(description)]);
    expect(invocations).toEqual([]);
  });

  it('is 401 without a token, and says no more than that one is wanted', async () => {
    const { call, asked } = await start();
    for (const authorization of [undefined, '', ' ']) {
      const response = await call(authorization);
      expect([response.status, response.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
    expect(asked).toEqual([]);
  });

  it('is 431 with a token that is larger than all headers may be', async () => {
    const { call, invocations } = await start();
    expect((await call(`Bearer ${await token({ x: 'y'.repeat(10_000) })}`)).status).toBe(431);
    expect(invocations).toEqual([]);
  });

  it.each<[string, JWTPayload, readonly string[]]>([
    ['in scope', { scope: 'openid events/write' }, ['events/write']],
    ['in scp', { scp: ['admin', 'events/write'] }, ['events/write', 'admin']],
  ])('with scopes takes a token that has one of them %s', async (_, claims, scopes) => {
    const { call, invocations } = await start();
    expect((await call(await token(claims), '/envA/events', 'POST')).status).toBe(200);
    expect(invocations[0]?.payload).toMatchObject({ requestContext: { authorizer: { jwt: { scopes } } } });
  });

  it.each<[string, JWTPayload]>([
    ['no scopes', {}],
    ['others', { scope: 'events/read' }],
    ['one that only begins alike', { scope: 'events/write2 administrator' }],
  ])('with scopes is 403 for a token that has %s', async (_, claims) => {
    const { call, invocations } = await start();
    const response = await call(await token(claims), '/envA/events', 'POST');
    expect(response).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(response.headers['www-authenticate']).toContain('scope="events/write admin" error="insufficient_scope"');
    expect(invocations).toEqual([]);
  });

  it('asks its issuer once in two hours, and again for a key that it does not know', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const keys = [jwk];
    const { call, asked } = await start(async (url) =>
      url.endsWith('/openid-configuration') ? publish(url) : Response.json({ keys }),
    );
    const documents = [`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`];
    for (let count = 0; count < 3; count += 1) expect((await call(await token())).status).toBe(200);
    expect(asked).toEqual(documents);
    keys.push({ ...jwk, kid: 'key-2' });
    vi.advanceTimersByTime(60_000);
    expect((await call(await token({}, { kid: 'key-2' }))).status).toBe(200);
    expect(asked).toEqual([...documents, `${ISSUER}/keys`]);
    vi.advanceTimersByTime(2 * 60 * 60 * 1000 + 1);
    expect((await call(await token())).status).toBe(200);
    expect(asked).toHaveLength(5);
  });

  it('serves on with the keys that it has while the issuer is down', async () => {
    let isDown = false;
    const { call } = await start(async (url) => {
      if (isDown) throw new TypeError('fetch failed');
      return publish(url);
    });
    expect((await call(await token())).status).toBe(200);
    isDown = true;
    expect((await call(await token())).status).toBe(200);
    expect((await call(await token({}, { key: strangersKey }))).status).toBe(401);
  });

  it.each<[string, (url: string) => Promise<Response>, string]>([
    [
      'cannot be reached',
      () => Promise.reject(new TypeError('fetch failed')),
      'OIDC discovery endpoint communication error',
    ],
    [
      'has no configuration',
      async () => new Response('', { status: 404 }),
      'OIDC discovery endpoint communication error',
    ],
    ['names no keys', async () => Response.json({}), 'OIDC discovery endpoint communication error'],
    ['does not give its keys', ofKeys(() => new Response('', { status: 500 })), 'JWKS communication error'],
    ['gives something else', ofKeys(() => new Response('<html>')), 'JWKS communication error'],
    [
      'gives too many of them',
      ofKeys(() => Response.json({ keys: [jwk], x: 'y'.repeat(150_000) })),
      'JWKS communication error',
    ],
  ])('is 401 for everybody while the issuer %s, and asks it again', async (_, respond, description) => {
    let respondNow = respond;
    const { call } = await start((url) => respondNow(url));
    const response = await call(await token());
    expect([response.status, response.headers['www-authenticate']]).toEqual([401, invalid(description)]);
    respondNow = publish;
    expect((await call(await token())).status).toBe(200);
  });

  it('wants a token for whatever a greedy route takes, preflights too', async () => {
    const { call } = await start();
    expect((await call(undefined, '/envA/anything/else', 'OPTIONS')).status).toBe(401);
  });
});

function ofKeys(respond: () => Response) {
  return async (url: string) => (url.endsWith('/openid-configuration') ? publish(url) : respond());
}

/** What a verifier that trusts the header's algorithm would take. */
async function signedByPublicKey(): Promise<string> {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', kid: 'key-1' })}.${part({ iss: ISSUER, aud: 'app', exp: now() + 60 })}`;
  const secret = await exportSPKI(publicKey);
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function changed(genuine: string): string {
  const [header = '', payload = '', signature = ''] = genuine.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...Object(claims), sub: 'root' })).toString('base64url');
  return [header, forged, signature].join('.');
}
