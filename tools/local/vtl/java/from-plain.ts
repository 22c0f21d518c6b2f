import { DOCUMENT_LIST, JavaList, JavaMap } from './collections.ts';
import { integerOrLong, JavaDouble } from './numbers.ts';
import type { Value } from './value.ts';

/**
 * What a template sees of a value of JavaScript's: data only. Functions, symbols and instances of classes are null. Lists and maps are
 * converted when a template looks into them.
 */
export function fromPlain(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isSafeInteger(value) ? integerOrLong(value) : new JavaDouble(value);
    case 'object':
      if (Array.isArray(value)) return new JavaList({ plain: value, convert: fromPlain }, DOCUMENT_LIST);
      return isPlainObject(value) ? new JavaMap({ plain: value, convert: fromPlain }) : null;
    default:
      return null;
  }
}

function isPlainObject(value: object | null): value is object {
  if (value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
