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
