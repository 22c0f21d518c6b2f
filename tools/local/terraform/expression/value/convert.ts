import { ExpressionError, UnknownValueError } from '#local/terraform/addressed-error.ts';
import { BigFloat } from './big-float.ts';
import { type Conversion, conversion } from './conversion.ts';
import { friendlyName, type Type, withoutOptional } from './type.ts';
import { isNull, LazyObject, Mapping, Placeholder, Sensitive, Sequence, typeOf, type Value } from './value.ts';

/**
 * Terraform's automatic conversion to a type.
 *
 * @throws ExpressionError with what the type needs
 */
export function convert(value: Value, to: Type): Value {
  if (to === 'dynamic' || value instanceof Placeholder) return value;
  if (value instanceof Sensitive) return new Sensitive(convert(value.value, to));
  const from = typeOf(value);
  if (from === to) return value;
  const converted: Conversion | undefined = conversion(from, to, true);
  if (!converted) throw new ExpressionError(mismatch(from, to));
  return converted(value);
}

/** What is wrong with a type. */
function mismatch(got: Type, wanted: Type): string {
  if (typeof wanted !== 'string' && wanted.kind === 'object' && typeof got !== 'string' && got.kind === 'object') {
    const missing = [...wanted.attributes.keys()].filter(
      (name) => !got.attributes.has(name) && !wanted.optional?.has(name),
    );
    if (missing.length > 0) return `the object has no attribute ${missing.join(', ')}, which is needed`;
  }
  const name = friendlyName(withoutOptional(wanted));
  return `got ${friendlyName(got)}, ${name === 'object' ? 'an' : 'a'} ${name} is needed`;
}

/** Terraform's automatic conversion to a string; null is no string. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Placeholder) return value.text;
  if (value instanceof Sensitive) return toText(value.value);
  const text = convert(value, 'string');
  if (typeof text === 'string') return text;
  throw new ExpressionError('got null, a string is needed');
}

/** Terraform's automatic conversion to a number; null is no number. */
export function toNumber(value: Value): BigFloat {
  const number = convert(value, 'number');
  if (number instanceof BigFloat) return number;
  throw refusal(number, 'a number');
}

/** Terraform's automatic conversion to a bool; null is no bool. */
export function toBool(value: Value): boolean {
  const bool = convert(value, 'bool');
  if (typeof bool === 'boolean') return bool;
  throw refusal(bool, 'a bool');
}

/** Elements of a list, set or tuple. */
export function toItems(value: Value): readonly Value[] {
  if (value instanceof Sequence) return value.items;
  throw refusal(value, 'a list');
}

/** Members of an object or a map. */
export function toMembers(value: Value): ReadonlyMap<string, Value> {
  const known = value instanceof LazyObject ? value.resolve() : value;
  if (known instanceof Mapping) return known.members;
  throw refusal(value, 'an object');
}

function refusal(value: Value, wanted: string): ExpressionError {
  if (value instanceof Placeholder) return new UnknownValueError(value.path);
  return new ExpressionError(`got ${describeType(value)}, ${wanted} is needed`);
}

/** Name of the value's type, for messages. */
export function describeType(value: Value): string {
  if (isNull(value)) return 'null';
  return value instanceof Placeholder ? value.text : friendlyName(typeOf(value));
}
