import { METHODS } from '#local/gateway/serve.ts';
import { setOwn } from '#local/http/raw-headers.ts';

interface Declaration<T> {
  /** `GET /pets/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly route: T;
}

export interface RouteMatch<T> {
  readonly route: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Segment = { readonly literal: string } | { readonly name: string; readonly greedy: boolean };

interface Candidate<T> {
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly route: T;
}

const NO_PARAMETERS = {};
const anyMethod = new Set<string>(METHODS);

/**
 * Compiles the routes of an HTTP API. Of those that match method and path, one that matches all of the path comes first, then one with a
 * greedy variable, then `$default`; among equals a literal segment before a variable, from the left, and a method before `ANY`. A slash at
 * the end makes another path.
 *
 * Source: Amazon API Gateway Developer Guide, "Create routes for HTTP APIs in API Gateway", "Routing API requests".
 *
 * @returns the match for a decoded path that starts with `/`
 */
export function compileRoutes<T>(
  declarations: readonly Declaration<T>[],
): (method: string, path: string) => RouteMatch<T> | undefined {
  const fallback = declarations.find(({ routeKey }) => routeKey === '$default');
  const candidates = declarations
    .filter((declaration) => declaration !== fallback)
    .map(compile)
    .sort((a, b) => compareTexts(precedence(a), precedence(b)));
  return (method, path) => {
    const segments = segmentsOf(path);
    for (const candidate of candidates) {
      if (candidate.method !== method && !(candidate.method === 'ANY' && anyMethod.has(method))) continue;
      const pathParameters = match(candidate.segments, segments);
      if (pathParameters) return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback.route, pathParameters: NO_PARAMETERS };
  };
}

function compile<T>({ routeKey, route }: Declaration<T>): Candidate<T> {
  const space = routeKey.indexOf(' ');
  const segments = segmentsOf(routeKey.slice(space + 1)).map((segment): Segment => {
    const name = /^\{(.+?)\+?\}$/.exec(segment)?.[1];
    return name === undefined ? { literal: segment } : { name, greedy: segment.endsWith('+}') };
  });
  return { method: routeKey.slice(0, space), segments, route };
}

/** A text that sorts before those of less specific routes. */
function precedence({ method, segments }: Candidate<unknown>): string {
  const kinds = segments.map((segment) => {
    if ('literal' in segment) return '0';
    return segment.greedy ? '2' : '1';
  });
  return `${kinds.includes('2') ? 1 : 0}${kinds.join('')} ${method === 'ANY' ? 1 : 0}`;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function match(pattern: readonly Segment[], segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at];
    if (segment === undefined) return undefined;
    if ('literal' in expected) {
      if (expected.literal !== segment) return undefined;
    } else if (expected.greedy) {
      setOwn(parameters, expected.name, segments.slice(at).join('/'));
      return parameters;
    } else {
      if (segment === '') return undefined;
      setOwn(parameters, expected.name, segment);
    }
  }
  return segments.length === pattern.length ? parameters : undefined;
}

function segmentsOf(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
