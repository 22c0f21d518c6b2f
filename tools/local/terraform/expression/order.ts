import { isList, type Json, toJson, type Value } from './value.ts';

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
