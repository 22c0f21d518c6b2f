import { decodePercent } from '#functions/http/query-string.ts';
import { METHODS } from '#local/gateway/serve.ts';
import { setOwn } from '#local/http/raw-headers.ts';

/** What a path and a method lead to. */
export interface RouteMatch<T> {
  readonly route: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface RouteDeclaration<T> {
  /** `/user/{id}`; `{proxy+}` at the end is greedy. */
  readonly resourcePath: string;
  /** `GET` … or `ANY`. */
  readonly httpMethod: string;
  readonly route: T;
}

interface Resource<T> {
  readonly literals: Map<string, Resource<T>>;
  parameter?: { readonly name: string; readonly resource: Resource<T> };
  greedy?: { readonly name: string; readonly resource: Resource<T> };
  readonly methods: Map<string, T>;
}

/**
 * Compiles the routes of an API. At each segment a literal is tried before `{parameter}`, and that before `{proxy+}`; the resource is
 * chosen by path alone, so that a method that it lacks is not sought on a less specific one. `HEAD` is a method like any other, and one
 * slash at the end of the path makes no difference.
 *
 * Source: Amazon API Gateway Developer Guide, "Choose a REST API resource" and "Set up a proxy integration with a proxy resource".
 *
 * @returns the match for a path that starts with `/` and is still percent-encoded
 */
export function compileRoutes<T>(
  declarations: readonly RouteDeclaration<T>[],
): (method: string, path: string) => RouteMatch<T> | undefined {
  const root = emptyResource<T>();
  const literalPaths = new Map<string, Resource<T>>();
  for (const { resourcePath, httpMethod, route } of declarations) {
    const resource = place(root, resourcePath);
    if (!resourcePath.includes('{')) literalPaths.set(resourcePath, resource);
    for (const method of httpMethod === 'ANY' ? METHODS : [httpMethod]) {
      // A method of its own comes before ANY, in whatever order they are declared.
      if (httpMethod !== 'ANY' || !resource.methods.has(method)) resource.methods.set(method, route);
    }
  }
  return (method, path) => {
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const literal = literalPaths.get(trimmed);
    if (literal) return matchMethod(literal, method, {});
    const parameters: [string, string][] = [];
    const found = descend(root, segmentsOf(trimmed), 0, parameters);
    if (!found) return undefined;
    const pathParameters: Record<string, string> = {};
    for (const [name, value] of parameters) setOwn(pathParameters, name, value);
    return matchMethod(found, method, pathParameters);
  };
}

function emptyResource<T>(): Resource<T> {
  return { literals: new Map(), methods: new Map() };
}

function segmentsOf(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

function place<T>(root: Resource<T>, resourcePath: string): Resource<T> {
  let at = root;
  for (const segment of segmentsOf(resourcePath)) {
    const name = /^\{(.+?)\+?\}$/.exec(segment)?.[1];
    if (name === undefined) {
      const next = at.literals.get(segment) ?? emptyResource<T>();
      at.literals.set(segment, next);
      at = next;
    } else if (segment.endsWith('+}')) {
      at.greedy ??= { name, resource: emptyResource<T>() };
      at = at.greedy.resource;
    } else {
      at.parameter ??= { name, resource: emptyResource<T>() };
      at = at.parameter.resource;
    }
  }
  return at;
}

function descend<T>(
  at: Resource<T>,
  segments: readonly string[],
  depth: number,
  parameters: [string, string][],
): Resource<T> | undefined {
  const segment = segments[depth];
  if (segment === undefined) return at.methods.size > 0 ? at : undefined;
  const literal = at.literals.get(segment.includes('%') ? (decodePercent(segment) ?? segment) : segment);
  const byLiteral = literal && descend(literal, segments, depth + 1, parameters);
  if (byLiteral) return byLiteral;
  // An empty segment (`//`) is no value for a parameter.
  if (at.parameter && segment !== '') {
    parameters.push([at.parameter.name, segment]);
    const byParameter = descend(at.parameter.resource, segments, depth + 1, parameters);
    if (byParameter) return byParameter;
    parameters.pop();
  }
  if (!at.greedy) return undefined;
  parameters.push([at.greedy.name, segments.slice(depth).join('/')]);
  return at.greedy.resource;
}

function matchMethod<T>(
  resource: Resource<T>,
  method: string,
  pathParameters: Readonly<Record<string, string>>,
): RouteMatch<T> | undefined {
  const route = resource.methods.get(method);
  return route === undefined ? undefined : { route, pathParameters };
}
