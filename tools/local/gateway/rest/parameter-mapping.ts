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

/**
 * Reads a value of a JSON body by `.name`, `['name']` and `[0]`; what isn't a string is given as JSON.
 *
 * @param path - `''` for the body as it is
 * @returns `undefined` when the body isn't JSON or has no such value
 */
export function readBodyPath(body: string, path: string): string | undefined {
  if (path === '') return body;
  let at: unknown;
  try {
    at = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const [, name, quoted, index] of path.matchAll(/\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]/g)) {
    if (index !== undefined) at = Array.isArray(at) ? at[Number(index)] : undefined;
    else if (isRecord(at)) at = getOwn(at, name ?? quoted ?? '');
    else return undefined;
  }
  if (at === undefined || at === null) return undefined;
  return typeof at === 'string' ? at : JSON.stringify(at);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
