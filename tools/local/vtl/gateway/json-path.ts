import { JSONPath } from 'jsonpath-plus';
import { TemplateError } from '#local/vtl/limits.ts';
import { getEntry, isMap, toValue, type Value } from '#local/vtl/values.ts';

type Query = (document: Value) => Value;

const MAX_CACHED = 500;
const queries = new Map<string, Query>();

/**
 * Reads from a JSON document. A path to one place gives its value or `undefined`; one with wildcards, filters or slices gives a list.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", `$input.path(x)`; Jayway JsonPath, "What is returned when?".
 *
 * @throws TemplateError when the path isn't a JSONPath expression
 */
export function queryJson(document: Value, path: string): Value {
  let query = queries.get(path);
  if (query === undefined) {
    if (queries.size >= MAX_CACHED) queries.clear();
    query = compileQuery(path);
    queries.set(path, query);
  }
  return query(document);
}

function compileQuery(path: string): Query {
  const keys = definiteKeys(path);
  if (keys) return (document) => keys.reduce<Value>(readKey, document);
  const indefinite = /\.\.|\*|\?\(|:|\[[^'"\]]*,|\]\s*,/.test(path);
  return (document) => {
    if (typeof document !== 'object' || document === null) return indefinite ? [] : undefined;
    let found: unknown;
    try {
      found = JSONPath({ path, json: document, wrap: true, eval: 'safe' });
    } catch (error) {
      throw new TemplateError(
        `Not a JSONPath expression: ${path} (${error instanceof Error ? error.message : String(error)}).`,
      );
    }
    if (!Array.isArray(found)) return undefined;
    return indefinite ? found : toValue(found[0]);
  };
}

/** `$.a['b'][0]` as its keys; `undefined` for any other form. */
function definiteKeys(path: string): (string | number)[] | undefined {
  const normal = path.startsWith('$') ? path : `$.${path}`;
  const keys: (string | number)[] = [];
  let end = 1;
  for (const match of normal.matchAll(/\.([\p{L}\p{N}_@$-]+)|\[(\d+)\]|\['([^'\\]*)'\]|\["([^"\\]*)"\]/gu)) {
    if (match.index !== end) return undefined;
    const [token, name, index, single, double] = match;
    keys.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
    end += token.length;
  }
  return end === normal.length ? keys : undefined;
}

function readKey(value: Value, key: string | number): Value {
  if (typeof key === 'number') return Array.isArray(value) ? toValue(value[key]) : undefined;
  return isMap(value) ? getEntry(value, key) : undefined;
}
