import { textArgument } from '#local/vtl/java/strings.ts';
import { TemplateInputError } from '#local/vtl/limits.ts';
import type { TemplateContext, TemplateParameters } from '#local/vtl/template-context.ts';
import { HOST, type HostObject, type JavaMap, toValue, type Value } from '#local/vtl/values.ts';
import { queryJson } from './json-path.ts';

/** What `$input.json` gives where there is nothing. */
const NO_VALUE = '""';

/**
 * `$input` of one request.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", "$input variables".
 */
export function createInput({ body, params }: TemplateContext): HostObject {
  let document: { readonly value: Value } | undefined;
  const query = (path: string): Value => {
    document ??= { value: parseBody(body) };
    return queryJson(document.value, path);
  };
  return {
    [HOST]: true,
    getProperty: (name) => (name === 'body' ? body : undefined),
    callMethod: (name, args) => {
      switch (name) {
        case 'path':
          return query(textArgument(args, 0));
        case 'json':
          return toJson(query(textArgument(args, 0)));
        case 'params':
          return args.length === 0 ? allParameters(params) : findParameter(params, textArgument(args, 0));
        case 'getBody':
          return body;
        default:
          return undefined;
      }
    },
  };
}

/** An empty body reads as `{}`. */
function parseBody(body: string): Value {
  if (body.trim() === '') return {};
  try {
    return toValue(JSON.parse(body));
  } catch (error) {
    throw new TemplateInputError(
      `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function toJson(value: Value): string {
  if (value === undefined) return NO_VALUE;
  try {
    return JSON.stringify(value) ?? NO_VALUE;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TemplateInputError('Could not parse request body into json: it is nested too deeply.');
  }
}

function allParameters({ path, querystring, header }: TemplateParameters): JavaMap {
  return { path: { ...path }, querystring: { ...querystring }, header: { ...header } };
}

/** Looks in the path, then in the query string, then in the headers; `''` when it is in none. */
function findParameter({ path, querystring, header }: TemplateParameters, name: string): string {
  return own(path, name) ?? own(querystring, name) ?? own(header, name) ?? ownIgnoringCase(header, name) ?? '';
}

function own(map: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function ownIgnoringCase(map: Readonly<Record<string, string>>, name: string): string | undefined {
  const lower = name.toLowerCase();
  const key = Object.keys(map).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : map[key];
}
