import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { isList, isObject, LazyObject, Placeholder, type Value } from './value.ts';

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
