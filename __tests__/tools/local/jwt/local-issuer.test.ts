import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIssuerKeys } from '#local/jwt/issuer-keys.ts';
import { startLocalIssuer } from '#local/jwt/local-issuer.ts';
import { verifyToken } from '#local/jwt/verify-token.ts';
import { LOCAL_ISSUER } from '#stacks/settings/parameters.ts';

const rules = { issuer: LOCAL_ISSUER, audience: ['app'], scopes: ['read'] };

async function start() {
  const issuer = await startLocalIssuer();
  onTestFinished(() => issuer.close());
  return issuer;
}

describe('B14: the issuer of the laptop', () => {
  it('signs tokens that are taken by its published keys', async () => {
    const issuer = await start();
    const token = await issuer.sign({ aud: 'app', sub: 'ada', scope: 'read' }, 60);
    expect(await verifyToken(token, rules, createIssuerKeys(issuer.ask))).toMatchObject({
      claims: { iss: LOCAL_ISSUER, sub: 'ada' },
      scopes: ['read'],
    });
    const { exp = 0, iat = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(60);
  });

  it('publishes its keys to everybody on this machine, and nothing secret', async () => {
    const issuer = await start();
    const token = await issuer.sign({}, 60);
    await expect(jwtVerify(token, createRemoteJWKSet(new URL(issuer.keysUrl)))).resolves.toBeDefined();
    const published: unknown = await (await fetch(issuer.keysUrl)).json();
    const publicPart = Object.fromEntries(
      ['alg', 'e', 'kid', 'kty', 'n', 'use'].map((name) => [name, expect.any(String)]),
    );
    expect(published).toEqual({ keys: [publicPart] });
    expect((await fetch(issuer.keysUrl.replace('jwks', 'private'))).status).toBe(404);
  });

  it('signs nothing that the next run takes', async () => {
    const token = await (await start()).sign({ aud: 'app' }, 60);
    const { ask } = await start();
    expect(await verifyToken(token, { ...rules, scopes: [] }, createIssuerKeys(ask))).toEqual({
      error: 'invalid_token',
      description: 'no key of the issuer has the kid of the token',
    });
  });
});
