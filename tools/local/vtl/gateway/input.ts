import { JavaMap } from '#local/vtl/java/collections.ts';
import { parseJson, printJson } from '#local/vtl/java/json.ts';
import { HostObject, textOf, type Value } from '#local/vtl/java/value.ts';
import { TemplateInputError } from '#local/vtl/limits.ts';
import type { TemplateContext, TemplateParameters } from '#local/vtl/template-context.ts';
import { queryJson } from './json-path.ts';

/** What `$input.json` gives where there is nothing. */
const NO_VALUE = '""';

/** What an empty body is. Source: recorded on AWS (`$input.body` of an empty body renders `{}`). */
const NO_BODY = '{}';

/**
 * `$input` of one request.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", "$input variables".
 */
export class Input extends HostObject {
  readonly className = 'input';
  readonly #body: string;
  readonly #params: TemplateParameters;
  #document: { readonly value: Value } | undefined;

  constructor({ body, params }: TemplateContext) {
    super();
    this.#body = body === '' ? NO_BODY : body;
    this.#params = params;
  }

  override getProperty(name: string): Value {
    return name === 'body' ? this.#body : null;
  }

  override callMethod(name: string, [argument, more]: readonly Value[]): Value | undefined {
    if (more !== undefined) return undefined;
    switch (name) {
      case 'path':
        return this.#query(argument) ?? null;
      case 'json': {
        const value = this.#query(argument);
        return value === undefined ? NO_VALUE : printJson(value);
      }
      case 'params':
        return argument === undefined ? allParameters(this.#params) : findParameter(this.#params, textOf(argument));
      case 'getBody':
        return argument === undefined ? this.#body : undefined;
      default:
        return undefined;
    }
  }

  /** `undefined`: the document has no such place. */
  #query(path: Value | undefined): Value | undefined {
    if (path === undefined) return null;
    this.#document ??= { value: parseBody(this.#body) };
    return queryJson(this.#document.value, textOf(path));
  }
}

function parseBody(body: string): Value {
  if (body.trim() === '') return new JavaMap();
  try {
    return parseJson(body);
  } catch (error) {
    throw new TemplateInputError(
      `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function allParameters({ path, querystring, header }: TemplateParameters): JavaMap {
  const maps = Object.entries({ path, querystring, header });
  return JavaMap.of(maps.map(([name, values]) => [name, JavaMap.of(Object.entries(values))]));
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
