import { getOwn } from '#local/http/raw-headers.ts';
import { contextVariables } from './context-variables.ts';
import type { Exchange } from './exchange.ts';

/** A mapped parameter's value for one exchange; `undefined`: the parameter isn't set. */
export type MappedValue = (exchange: Exchange) => string | undefined;

/**
 * Compiles the right-hand side of a parameter mapping as far as it speaks of the request: `'literal'`, `context.…`, `stageVariables.…`,
 * `method.request.header|path|querystring.…`.
 *
 * Source: Amazon API Gateway Developer Guide, "Parameter mapping source reference for REST APIs in API Gateway".
 *
 * @returns `undefined` for any other expression
 */
export function compileMappedValue(expression: string): MappedValue | undefined {
  const literal = /^'(.*)'$/s.exec(expression)?.[1];
  if (literal !== undefined) return () => literal;
  const [, source, name] =
    /^(context|stageVariables|method\.request\.(?:header|path|querystring))\.(.+)$/.exec(expression) ?? [];
  if (source === undefined || name === undefined) return undefined;
  switch (source) {
    case 'context': {
      const variable = contextVariables.get(name);
      return (exchange) => variable?.(exchange)?.toString();
    }
    case 'stageVariables':
      return ({ facts }) => getOwn(facts.variables, name);
    case 'method.request.header': {
      const lower = name.toLowerCase();
      return ({ request }) => request.headers[lower]?.toString();
    }
    case 'method.request.path':
      return ({ pathParameters }) => getOwn(pathParameters, name);
    default:
      return ({ query }) => getOwn(query.single, name);
  }
}
