import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createHttpServer } from '#container/http-server.ts';
import type { SignedToken, TokenRequest } from '#local/control/protocol.ts';
import { listen, type Service } from '#local/http/listen.ts';
import type { LocalModel } from '#local/model/model.ts';
import { LOCAL_ISSUER } from '#stacks/settings/parameters.ts';
import type { AskIssuer } from './issuer-keys.ts';

const CONFIGURATION = '/.well-known/openid-configuration';
const KEYS = '/.well-known/jwks.json';

/** Who signs tokens where no identity provider is: on the laptop, and in tests. */
export interface LocalIssuer extends Service {
  /** Where its keys are for everybody on this machine: `http://127.0.0.1:PORT/.well-known/jwks.json`. */
  readonly keysUrl: string;
  /** Asks any issuer, this one at its loopback address: its name, an https one as API Gateway wants it, leads nowhere. */
  readonly ask: AskIssuer;
  /** @param lifetimeSeconds - from now on */
  sign(claims: JWTPayload, lifetimeSeconds: number): Promise<string>;
}

/**
 * Starts the issuer {@link LOCAL_ISSUER} at a free port of the loopback address. Its key, RSA of 2048 bits, is made when it is first needed and
 * ends with it: tokens of one run are nothing to the next.
 */
export async function startLocalIssuer(): Promise<LocalIssuer> {
  let made: ReturnType<typeof makeKey> | undefined;
  const key = () => {
    made ??= makeKey();
    return made;
  };
  const documents: Readonly<Record<string, () => Promise<unknown>>> = {
    [CONFIGURATION]: async () => ({
      issuer: LOCAL_ISSUER,
      jwks_uri: `${LOCAL_ISSUER}${KEYS}`,
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    [KEYS]: async () => ({ keys: [(await key()).published] }),
  };
  const server = createHttpServer(
    async (request, response) => {
      const document = documents[request.url ?? ''];
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document ? await document() : { message: 'Not Found' }));
    },
    { receiveMilliseconds: 5000, keepAliveMilliseconds: 5000, refusalBody: (_status, message) => ({ message }) },
  );
  const { url, close } = await listen(server, 0);
  return {
    close,
    keysUrl: `${url}${KEYS}`,
    ask: (asked, init) => fetch(asked.startsWith(`${LOCAL_ISSUER}/`) ? asked.replace(LOCAL_ISSUER, url) : asked, init),
    sign: async (claims, lifetimeSeconds) => {
      const { privateKey, published } = await key();
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ ...claims, iss: LOCAL_ISSUER, iat: now, exp: now + lifetimeSeconds })
        .setProtectedHeader({ alg: 'RS256', kid: published.kid, typ: 'JWT' })
        .sign(privateKey);
    },
  };
}

/**
 * Signs tokens for whom routes take them: the audience of those whose issuer is this one.
 *
 * @param served - what environments serve by then
 */
export function signerOf(
  issuer: Pick<LocalIssuer, 'keysUrl' | 'sign'>,
  served: () => readonly Pick<LocalModel, 'regions'>[],
): (request: TokenRequest) => Promise<SignedToken> {
  return async ({ sub = 'local-user', scopes = [], lifetimeSeconds = 3600 }) => {
    const regions = served().flatMap(({ regions: { primary, secondary } }) => [primary, secondary]);
    const routes = regions.flatMap(({ httpApis = [] }) => httpApis.flatMap((api) => api.routes));
    const own = routes.flatMap(({ jwt }) => (jwt?.issuer === LOCAL_ISSUER ? jwt.audience : []));
    const audience = [...new Set(own)];
    const claims = { sub, aud: audience, ...(scopes.length > 0 && { scope: scopes.join(' ') }) };
    const { keysUrl } = issuer;
    return { token: await issuer.sign(claims, lifetimeSeconds), issuer: LOCAL_ISSUER, audience, keysUrl };
  };
}

async function makeKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, published: { ...jwk, alg: 'RS256', use: 'sig', kid: await calculateJwkThumbprint(jwk) } };
}
