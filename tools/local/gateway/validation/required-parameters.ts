/** Names and values as the client sent them. */
export interface RequestParameters {
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly querystring: Readonly<Record<string, string | undefined>>;
  /** Names in any case. */
  readonly header: Readonly<Record<string, string | undefined>>;
}

type Lookup = (parameters: RequestParameters) => string | undefined;

/**
 * Compiles a method's request parameters: `method.request.querystring.name` → required.
 *
 * Source: Amazon API Gateway Developer Guide, "Request validation for REST APIs in API Gateway": required ones must be there and not blank.
 *
 * @returns the names that a request lacks, in the order of their declaration
 * @throws Error for a name that isn't a request parameter's
 */
export function compileRequiredParameters(
  requestParameters: Readonly<Record<string, boolean>>,
): (parameters: RequestParameters) => readonly string[] {
  const required = Object.keys(requestParameters)
    .filter((key) => requestParameters[key])
    .map(compileLookup);
  return (parameters) => required.filter(({ lookup }) => !lookup(parameters)?.trim()).map(({ name }) => name);
}

function compileLookup(key: string): { readonly name: string; readonly lookup: Lookup } {
  const [, place, name] =
    /^method\.request\.(path|(?:multivalue)?querystring|(?:multivalue)?header)\.(.+)$/.exec(key) ?? [];
  if (place === undefined || name === undefined) {
    throw new Error(`Not a request parameter: ${key}. Allowed: method.request.path|querystring|header.<name>.`);
  }
  if (place === 'path') return { name, lookup: ({ path }) => own(path, name) };
  if (place.endsWith('querystring')) return { name, lookup: ({ querystring }) => own(querystring, name) };
  const lower = name.toLowerCase();
  return { name, lookup: ({ header }) => own(header, lower) ?? own(header, name) ?? ownIgnoringCase(header, lower) };
}

function own(map: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function ownIgnoringCase(map: Readonly<Record<string, string | undefined>>, lower: string): string | undefined {
  const key = Object.keys(map).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : map[key];
}
