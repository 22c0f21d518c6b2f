import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { BigFloat } from './big-float.ts';
import { numberText } from './number-text.ts';
import {
  type Json,
  LazyObject,
  Mapping,
  NULL,
  Null,
  Placeholder,
  reveal,
  Sensitive,
  Sequence,
  type Value,
} from './value.ts';

/** Deeper documents are refused instead of running out of stack. */
const DEEPEST_DOCUMENT = 1000;

/** A part of parsed JSON as a value: lists are tuples, objects are objects. */
export function fromJson(json: Json): Value {
  if (json === null) return NULL;
  if (typeof json === 'number') return BigFloat.parse(String(json)) ?? NULL;
  if (typeof json !== 'object') return json;
  if (isJsonList(json)) return Sequence.tuple(json.map(fromJson));
  return Mapping.object(Object.entries(json).map(([key, member]) => [key, fromJson(member)] as const));
}

/** The same of a resource's attribute, whose objects are blocks. */
export function fromBlockJson(json: Json): Value {
  if (json === null || typeof json !== 'object') return fromJson(json);
  if (isJsonList(json)) return Sequence.tuple(json.map(fromBlockJson));
  return Mapping.block(Object.entries(json).map(([key, member]) => [key, fromBlockJson(member)] as const));
}

/** @returns the value with placeholders as texts and every attribute resolved */
export function toJson(value: Value): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof BigFloat) return value.toNumber();
  if (value instanceof Null) return null;
  if (value instanceof Sequence) return value.items.map(toJson);
  if (value instanceof Placeholder) return value.text;
  if (value instanceof Sensitive) return toJson(value.value);
  const { members } = value instanceof LazyObject ? value.resolve() : value;
  return Object.fromEntries([...members].map(([key, member]) => [key, toJson(member)]));
}

/** What `jsonencode` writes: keys sorted, numbers with all their digits, `<`, `>`, `&` and line separators escaped. */
export function encodeJson(value: Value): string {
  if (typeof value === 'string') return quoteJson(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof BigFloat) {
    if (value.isInfinite) throw new ExpressionError('got an infinite number, which JSON cannot hold');
    return numberText(value);
  }
  if (value instanceof Null) return 'null';
  if (value instanceof Sequence) return `[${value.items.map(encodeJson).join(',')}]`;
  if (value instanceof Placeholder) return quoteJson(value.text);
  if (value instanceof Sensitive) return encodeJson(reveal(value));
  const { members } = value instanceof LazyObject ? value.resolve() : value;
  return `{${[...members].map(([key, member]) => `${quoteJson(key)}:${encodeJson(member)}`).join(',')}}`;
}

/** A text as Go's `encoding/json` quotes it. */
export function quoteJson(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[<>&\u2028\u2029]|\\b|\\f|\\\\/g,
    (found) => goEscapes[found] ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// Go writes no \b and \f.
const goEscapes: Readonly<Record<string, string>> = { '\\b': '\\b', '\\f': '\\f', '\\\\': '\\\\' };

const jsonToken = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * Parses JSON with all digits of its numbers: texts and numbers are told apart by a letter that is put before each.
 *
 * @throws ExpressionError with what the parser says
 */
export function decodeJson(text: string): Value {
  const marked = text.replace(jsonToken, (token) => (token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`));
  let parsed: unknown;
  try {
    JSON.parse(text);
    parsed = JSON.parse(marked);
  } catch (error) {
    throw new ExpressionError(`got text that is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return fromMarked(parsed, 0);
}

function fromMarked(json: unknown, depth: number): Value {
  if (depth > DEEPEST_DOCUMENT) throw new ExpressionError(`got JSON that is nested deeper than ${DEEPEST_DOCUMENT}`);
  if (typeof json === 'string') return json.startsWith('s') ? json.slice(1) : (BigFloat.parse(json.slice(1)) ?? NULL);
  if (typeof json === 'boolean') return json;
  if (Array.isArray(json)) return Sequence.tuple(json.map((item) => fromMarked(item, depth + 1)));
  if (json === null || typeof json !== 'object') return NULL;
  return Mapping.object(
    Object.entries(json).map(([key, member]) => [key.slice(1), fromMarked(member, depth + 1)] as const),
  );
}

/** `Array.isArray` that keeps the elements' type. */
export function isJsonList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
