import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

/** Of one request to an issuer. Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running an HTTP API in API Gateway". */
const ISSUER_MILLISECONDS = 1500;
/** Of the keys' document. Source: as above. */
const MOST_BYTES = 150_000;
/** Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers in API Gateway", the key is cached for two hours. */
const CACHED_MILLISECONDS = 2 * 60 * 60 * 1000;

/** An issuer does not say which keys it signs with. The message is what API Gateway writes into `www-authenticate` and its access log. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
}

/** What issuers are asked with. */
export type AskIssuer = (url: string, init: RequestInit) => Promise<Response>;

/** The keys of an issuer, by a token's header. They are asked for when the first token comes. */
export type KeysOf = (issuer: string) => JWTVerifyGetKey;

/**
 * Keys of issuers, found as API Gateway finds them: `<issuer>/.well-known/openid-configuration` names the document of the keys. Both are kept for two
 * hours; a token signed by an unknown key lets the keys be asked for again, at most every 30 s. What fails is not kept.
 *
 * Source: OpenID Connect Discovery 1.0, 4; the Developer Guide's page above.
 *
 * @param ask - @default fetch
 * @throws IssuerError from the keys' function, for an issuer that does not respond in time, or not with what it must
 */
export function createIssuerKeys(ask: AskIssuer = fetch): KeysOf {
  const known = new Map<string, { readonly until: number; readonly keys: Promise<JWTVerifyGetKey> }>();
  const keysOf = (issuer: string): Promise<JWTVerifyGetKey> => {
    const kept = known.get(issuer);
    if (kept && kept.until > Date.now()) return kept.keys;
    const keys = discover(issuer, ask).then((url) => remoteKeys(url, ask));
    known.set(issuer, { until: Date.now() + CACHED_MILLISECONDS, keys });
    keys.catch(() => known.delete(issuer));
    return keys;
  };
  return (issuer) => async (header, token) => (await keysOf(issuer))(header, token);
}

/** @returns where the issuer's keys are */
async function discover(issuer: string, ask: AskIssuer): Promise<URL> {
  try {
    const response = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ISSUER_MILLISECONDS),
    });
    const document: unknown = response.ok ? await response.json() : undefined;
    if (typeof document === 'object' && document && 'jwks_uri' in document) return new URL(String(document.jwks_uri));
  } catch {
    // Whatever it was, the client hears the same.
  }
  throw new IssuerError('OIDC discovery endpoint communication error');
}

function remoteKeys(url: URL, ask: AskIssuer): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: ISSUER_MILLISECONDS,
    cacheMaxAge: CACHED_MILLISECONDS,
    [customFetch]: (from, init) => boundedResponse(ask, from, init),
  });
  return (header, token) => keys(header, token);
}

async function boundedResponse(ask: AskIssuer, url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await ask(url, init);
    const text = await response.text();
    if (response.status === 200 && Buffer.byteLength(text) <= MOST_BYTES) return Response.json(JSON.parse(text));
  } catch {
    // As above.
  }
  throw new IssuerError('JWKS communication error');
}
