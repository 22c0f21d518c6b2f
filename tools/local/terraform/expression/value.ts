import { ExpressionError } from './expression-error.ts';

/** JSON without anything that is still to be resolved. */
export type Json = boolean | number | string | null | readonly Json[] | { readonly [key: string]: Json };

/** What an expression evaluates to. Sets are lists without duplicates, sorted; objects and maps are the same thing. */
export type Value =
  | boolean
  | number
  | string
  | null
  | readonly Value[]
  | { readonly [key: string]: Value }
  | LazyObject
  | Placeholder;

/** An object whose attributes are resolved when they are asked for: a resource, the outputs of another stack. */
export class LazyObject {
  readonly attribute: (name: string) => Value;
  /** Every attribute, resolved. */
  readonly resolve: () => { readonly [key: string]: Json };

  constructor(attribute: (name: string) => Value, resolve: () => { readonly [key: string]: Json }) {
    this.attribute = attribute;
    this.resolve = resolve;
  }
}

/**
 * Stands for a value that only AWS could tell, of a resource type that the runtime doesn't serve. It may be accessed further, and is a
 * text that names its origin when it is used.
 */
export class Placeholder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get text(): string {
    return `(${this.path}: known after apply)`;
  }
}

/** @returns the value with placeholders as texts and every attribute resolved */
export function toJson(value: Value): Json {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Placeholder) return value.text;
  if (value instanceof LazyObject) return value.resolve();
  if (isList(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]));
}

/** `Array.isArray` that keeps the elements' type. */
export function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

/** Whether the value is an object whose members are known. */
export function isObject(value: Value): value is { readonly [key: string]: Value } {
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof LazyObject) &&
    !(value instanceof Placeholder)
  );
}

/** Terraform's name of the value's type, for error messages. */
export function typeName(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'object') return typeof value;
  return isList(value) ? 'list' : 'object';
}

/** Terraform's automatic conversion to a string. */
export function toText(value: Value): string {
  if (value instanceof Placeholder) return value.text;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  throw new ExpressionError(`got ${typeName(value)}, a string is needed`);
}

/** Terraform never writes an exponent. */
function numberText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

/** Terraform's automatic conversion to a number. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return Number(value);
  const got = typeof value === 'string' ? JSON.stringify(value) : typeName(value);
  throw new ExpressionError(`got ${got}, a number is needed`);
}

/** Terraform's automatic conversion to a bool. */
export function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  const got = typeof value === 'string' ? JSON.stringify(value) : typeName(value);
  throw new ExpressionError(`got ${got}, a bool is needed`);
}

export function toList(value: Value): readonly Value[] {
  if (isList(value)) return value;
  throw new ExpressionError(`got ${typeName(value)}, a list is needed`);
}

export function toObject(value: Value): { readonly [key: string]: Value } {
  const known = value instanceof LazyObject ? value.resolve() : value;
  if (isObject(known)) return known;
  throw new ExpressionError(`got ${typeName(value)}, an object is needed`);
}

/** A value as something to compare and to look up by: equal values have equal keys; a number differs from its text. */
export function identityOf(value: Value): string {
  return JSON.stringify(sortKeys(toJson(value)));
}

/** The keys of every object in Terraform's order, which is the one that `jsonencode` writes. */
export function sortKeys(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sortKeys);
  return Object.fromEntries(sortedEntries(value).map(([key, member]) => [key, sortKeys(member)]));
}

/** Entries in the order in which Terraform iterates: by key, code point by code point. */
export function sortedEntries<T>(object: { readonly [key: string]: T }): [string, T][] {
  return Object.entries(object).sort(([a], [b]) => compareText(a, b));
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
