import { JSONPath } from 'jsonpath-plus';
import { DOCUMENT_LIST, JavaList, JavaMap } from '#local/vtl/java/collections.ts';
import { isNumber, toDouble } from '#local/vtl/java/numbers.ts';
import { JavaObject, textOf, type Value } from '#local/vtl/java/value.ts';
import { TemplateError } from '#local/vtl/limits.ts';

/** `undefined`: there is nothing at this place; null: there is null. */
type Query = (document: Value) => Value | undefined;

const MAX_CACHED = 500;
const queries = new Map<string, Query>();

/**
 * Reads from a JSON document. A path to one place gives its value or `undefined`; one with wildcards, filters or slices gives a list.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", `$input.path(x)`; Jayway JsonPath, "What is returned when?".
 *
 * @throws TemplateError when the path isn't a JSONPath expression
 */
export function queryJson(document: Value, path: string): Value | undefined {
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
  if (keys) return (document) => keys.reduce<Value | undefined>(readKey, document);
  const indefinite = /\.\.|\*|\?\(|:|\[[^'"\]]*,|\]\s*,/.test(path);
  return (document) => {
    const found = findPointers(document, path).map((pointer) => readPointer(document, pointer));
    return indefinite
      ? new JavaList(
          found.map((value) => value ?? null),
          DOCUMENT_LIST,
        )
      : found[0];
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

function readKey(value: Value | undefined, key: string | number): Value | undefined {
  if (value instanceof JavaMap) return value.has(String(key)) && typeof key === 'string' ? value.get(key) : undefined;
  return value instanceof JavaList ? value.items[Number(key)] : undefined;
}

/** The library finds the places in a plain copy; the values are the document's own. */
function findPointers(document: Value, path: string): readonly string[] {
  const json = plain(document);
  if (typeof json !== 'object' || json === null) return [];
  try {
    const found: unknown = JSONPath({ path, json, wrap: true, eval: 'safe', resultType: 'pointer' });
    return Array.isArray(found) ? found.filter((pointer) => typeof pointer === 'string') : [];
  } catch (error) {
    throw new TemplateError(
      `Not a JSONPath expression: ${path} (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

function readPointer(document: Value, pointer: string): Value | undefined {
  const keys = pointer.split('/').slice(1);
  return keys
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Value | undefined>(readStep, document);
}

function readStep(value: Value | undefined, key: string): Value | undefined {
  return readKey(value, value instanceof JavaList ? Number(key) : key);
}

function plain(value: Value): unknown {
  if (isNumber(value)) return toDouble(value);
  if (value instanceof JavaList) return value.items.map(plain);
  if (!(value instanceof JavaMap)) return value instanceof JavaObject ? textOf(value) : value;
  const object: Record<string, unknown> = Object.create(null);
  for (const entry of value.entries) object[textOf(entry.key)] = plain(entry.value);
  return object;
}
