import { getOwn } from '#local/http/raw-headers.ts';
import type { KeysOf } from '#local/jwt/issuer-keys.ts';
import { verifyToken } from '#local/jwt/verify-token.ts';
import type { JwtAuthorization } from '#local/model/api-model.ts';
import type { Exchange } from './exchange.ts';
import { type Fault, insufficientScope, unauthorized } from './fault.ts';

/** Lets a request pass whose token a route takes, and keeps what its function is told of it. */
export type AuthorizeToken = (exchange: Exchange) => Promise<Fault | undefined>;

/**
 * Prepares a route's JWT authorizer. A token may follow `Bearer ` or stand alone.
 *
 * Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers in API Gateway"; RFC 6750, 3.
 */
export function prepareJwtAuthorizer(authorization: JwtAuthorization, keysOf: KeysOf): AuthorizeToken {
  const { identitySources, scopes } = authorization;
  return async (exchange) => {
    const [token] = identitySources.flatMap((source) => valueAt(source, exchange) ?? []);
    if (token === undefined) return unauthorized('Bearer', 'no token');
    const verdict = await verifyToken(token.replace(/^bearer\s+/i, ''), authorization, keysOf);
    if ('claims' in verdict) {
      exchange.token = verdict;
      return undefined;
    }
    const { error, description } = verdict;
    const challenge = `Bearer scope="${scopes.join(' ')}" error="${error}" error_description="${description}"`;
    const fault = error === 'insufficient_scope' ? insufficientScope : unauthorized;
    return fault(challenge, `${error}: ${description}`);
  };
}

/** `$request.header.Authorization` or `$request.querystring.token` of a request; undefined for an empty one. */
function valueAt(source: string, { request, query }: Exchange): string | undefined {
  const [, , place, name = ''] = /^(\$request\.)(header|querystring)\.(.+)$/.exec(source) ?? [];
  const found = place === 'header' ? request.headers[name.toLowerCase()]?.toString() : getOwn(query.single, name);
  return found?.trim() || undefined;
}
