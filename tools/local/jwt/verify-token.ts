import { errors, type JWTPayload, jwtVerify } from 'jose';
import { IssuerError, type KeysOf } from './issuer-keys.ts';

/** "Currently, only RSA-based algorithms are supported." Source: {@link verifyToken}. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** What a token must be for a route to take it. */
export interface TokenRules {
  /** `https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123`: what `iss` must be, to the letter. */
  readonly issuer: string;
  /** One of these must be in `aud`, or without `aud` be the `client_id`. */
  readonly audience: readonly string[];
  /** One of these must be in `scope` or `scp`. Empty: none is asked for. */
  readonly scopes: readonly string[];
}

/** What a function is told of the token. */
export interface AcceptedToken {
  /** All as texts, as API Gateway passes them on. */
  readonly claims: Readonly<Record<string, string>>;
  /** Scopes of the route that the token has; `null` where the route asks for none. */
  readonly scopes: readonly string[] | null;
}

/** Why a token is not taken. `error` is RFC 6750's. */
export interface RefusedToken {
  readonly error: 'insufficient_scope' | 'invalid_token';
  readonly description: string;
}

/**
 * Verifies a token as a JWT authorizer of an HTTP API does: algorithm, key and signature, `iss`, `aud` or `client_id`, `exp`, `nbf`, `iat`, and
 * last the scopes, without any tolerance for clocks.
 *
 * Of the descriptions AWS documents two: that of the audience, and, in its access logs, those of the issuer. The others are put alike.
 *
 * Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers in API Gateway" and "Troubleshooting issues with
 * HTTP API JWT authorizers".
 *
 * @param token - without `Bearer`
 */
export async function verifyToken(
  token: string,
  { issuer, audience, scopes }: TokenRules,
  keysOf: KeysOf,
): Promise<AcceptedToken | RefusedToken> {
  const keys = keysOf(issuer);
  let payload: JWTPayload;
  try {
    const verified = await jwtVerify(
      token,
      (header, jws) => {
        if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
        return keys(header, jws);
      },
      { algorithms: ALGORITHMS, issuer, requiredClaims: ['exp'] },
    );
    ({ payload } = verified);
  } catch (error) {
    return invalid(describe(error));
  }
  if (!isFor(audience, payload)) return invalid('the token does not have a valid audience');
  if (typeof payload.iat === 'number' && payload.iat * 1000 > Date.now()) {
    return invalid('the token was issued in the future');
  }
  const found = scopes.filter((scope) => scopesOf(payload).includes(scope));
  if (scopes.length > 0 && found.length === 0) {
    return { error: 'insufficient_scope', description: 'the token does not have a scope of the route' };
  }
  return { claims: textual(payload), scopes: scopes.length > 0 ? found : null };
}

function invalid(description: string): RefusedToken {
  return { error: 'invalid_token', description };
}

function describe(error: unknown): string {
  if (error instanceof IssuerError) return error.message;
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return 'the token is not valid yet';
    return error.claim === 'iss' ? 'the token does not have a valid issuer' : `the claim ${error.claim} is not valid`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the algorithm of the token is not supported';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'no key of the issuer has the kid of the token';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature of the token is not valid';
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return 'JWKS communication error';
  return 'the token cannot be decoded';
}

/** `client_id`, which Cognito's access tokens have in the place of an audience, counts only without `aud`. */
function isFor(audience: readonly string[], { aud, client_id: clientId }: JWTPayload): boolean {
  const named = aud === undefined ? [clientId] : [aud].flat();
  return named.some((name) => typeof name === 'string' && audience.includes(name));
}

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  return [scope, scp].flat().flatMap((each) => (typeof each === 'string' ? each.split(' ') : []));
}

/** Lists as `[one other]`, as `cognito:groups` arrives in functions; of objects AWS documents nothing, they stay JSON. */
function textual(payload: JWTPayload): Record<string, string> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(' ')}]`;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, text(value)]));
}
