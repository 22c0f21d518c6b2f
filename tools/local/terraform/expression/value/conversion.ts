import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { BigFloat } from './big-float.ts';
import { toItems, toMembers } from './convert.ts';
import { numberText } from './number-text.ts';
import { createSet } from './set.ts';
import {
  type CollectionType,
  equalTypes,
  type ObjectType,
  type TupleType,
  type Type,
  withoutOptional,
} from './type.ts';
import { unify } from './unify.ts';
import { isNull, Mapping, Null, Placeholder, reveal, Sensitive, Sequence, typeOf, type Value } from './value.ts';

export type Conversion = (value: Value) => Value;

/**
 * How a value of one type becomes one of another.
 *
 * @param isUnsafe - conversions are allowed that fail for some values: a text to a number
 * @returns undefined where no value can be converted
 */
export function conversion(from: Type, to: Type, isUnsafe: boolean): Conversion | undefined {
  const known = knownConversion(from, to, isUnsafe);
  if (!known) return undefined;
  const converted: Conversion = (value) => {
    if (value instanceof Placeholder) return value;
    if (value instanceof Sensitive) return new Sensitive(converted(value.value));
    if (to === 'dynamic') return value;
    return isNull(value) ? new Null(typeOfNull(from, withoutOptional(to))) : known(value);
  };
  return converted;
}

function knownConversion(from: Type, to: Type, isUnsafe: boolean): Conversion | undefined {
  if (to === 'dynamic' || equalTypes(from, to)) return (value) => value;
  if (from === 'dynamic') return isUnsafe ? (value) => convertKnown(value, to) : undefined;
  if (typeof to === 'string') return typeof from === 'string' ? primitiveConversion(from, to, isUnsafe) : undefined;
  if (typeof from === 'string') return undefined;
  switch (to.kind) {
    case 'object':
      if (from.kind === 'object') return objectToObject(from, to, isUnsafe);
      return from.kind === 'map' && isUnsafe ? mapToObject(from.element, to) : undefined;
    case 'tuple':
      return from.kind === 'tuple' ? tupleToTuple(from, to, isUnsafe) : undefined;
    case 'map':
      if (from.kind !== 'map' && from.kind !== 'object') return undefined;
      return toMap(from, to.element, isUnsafe);
    case 'list':
    case 'set':
      if (from.kind !== 'list' && from.kind !== 'set' && from.kind !== 'tuple') return undefined;
      if (to.kind === 'set' && from.kind === 'list' && !isUnsafe) return undefined;
      return toSequence(from, to, isUnsafe);
  }
}

function convertKnown(value: Value, to: Type): Value {
  const from = typeOf(value);
  const converted = from === 'dynamic' ? undefined : conversion(from, to, true);
  if (!converted) throw new ExpressionError('the value has no type that can be converted');
  return converted(value);
}

/** Type of a null that is converted: where the wanted type leaves parts open, they come from the type it had. */
function typeOfNull(from: Type, to: Type): Type {
  if (typeof to === 'string' || from === 'dynamic') return to === 'dynamic' ? from : to;
  return to;
}

function primitiveConversion(from: Type, to: Type, isUnsafe: boolean): Conversion | undefined {
  if (to === 'string') return (value) => (value instanceof BigFloat ? numberText(value) : String(value));
  if (from !== 'string' || !isUnsafe) return undefined;
  if (to === 'number') return (value) => parseNumber(String(value));
  return to === 'bool' ? (value) => parseBool(String(value)) : undefined;
}

function parseNumber(text: string): BigFloat {
  const number = BigFloat.parse(text);
  if (!number) throw new ExpressionError(`got ${JSON.stringify(text)}, a number is needed`);
  return number;
}

function parseBool(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new ExpressionError(`got ${JSON.stringify(text)}, a bool is needed`);
}

type Source = CollectionType | ObjectType | TupleType;

/** The type that all elements are to have; an open one is found out from the elements' types. */
function elementType(types: readonly Type[], wanted: Type, isUnsafe: boolean): Type | undefined {
  if (wanted !== 'dynamic') return wanted;
  const unified = unify(types, isUnsafe);
  return unified === 'dynamic' && types.some((type) => type !== 'dynamic') ? undefined : unified;
}

function partTypes(from: Source): readonly Type[] {
  if (from.kind === 'tuple') return from.elements;
  return from.kind === 'object' ? [...from.attributes.values()] : [from.element];
}

function toSequence(from: Source, to: CollectionType, isUnsafe: boolean): Conversion | undefined {
  const types = partTypes(from);
  const isEmptyTuple = from.kind === 'tuple' && types.length === 0;
  const element = isEmptyTuple ? to.element : elementType(types, to.element, isUnsafe);
  if (element === undefined) return undefined;
  const conversions = types.map((type) => conversion(type, element, isUnsafe));
  if (conversions.includes(undefined)) return undefined;
  return (value) => {
    const items = toItems(value).map((item, position) => {
      const convertItem = conversions[from.kind === 'tuple' ? position : 0];
      return convertItem ? convertItem(item) : item;
    });
    const { type, values } = commonElements(items, element);
    return to.kind === 'list' ? Sequence.list(type, values) : createSet(type, values);
  };
}

function toMap(from: Source, wanted: Type, isUnsafe: boolean): Conversion | undefined {
  const types = partTypes(from);
  const isEmptyObject = from.kind === 'object' && types.length === 0;
  const element = isEmptyObject ? wanted : elementType(types, wanted, isUnsafe);
  if (element === undefined) return undefined;
  const byName = new Map<string, Conversion>();
  const convertAny =
    from.kind === 'object' ? undefined : conversion(partTypes(from)[0] ?? 'dynamic', element, isUnsafe);
  if (from.kind === 'object') {
    for (const [name, type] of from.attributes) {
      const one = conversion(type, element, isUnsafe);
      if (!one) return undefined;
      byName.set(name, one);
    }
  } else if (!convertAny) return undefined;
  return (value) => {
    const members = [...toMembers(value)].map(([name, member]) => {
      const one = convertAny ?? byName.get(name);
      return [name, one ? one(member) : member] as const;
    });
    const { type, values } = commonElements(
      members.map(([, member]) => member),
      element,
    );
    return Mapping.map(
      type,
      members.map(([name, member], position) => [name, values[position] ?? member] as const),
    );
  };
}

/** Elements whose wanted type is open at some depth, brought to one type. */
function commonElements(items: readonly Value[], element: Type): { type: Type; values: readonly Value[] } {
  const declared = withoutOptional(element);
  if (items.length === 0 || !isOpen(declared)) return { type: declared, values: items };
  const types = items.map((item) => typeOf(reveal(item)));
  const type = unify(types, true);
  if (type === undefined) throw new ExpressionError('cannot find a common base type for all elements');
  return {
    type,
    values: items.map((item, position) => conversion(types[position] ?? type, type, true)?.(item) ?? item),
  };
}

function isOpen(type: Type): boolean {
  if (typeof type === 'string') return type === 'dynamic';
  return partTypes(type).some(isOpen);
}

function tupleToTuple(from: TupleType, to: TupleType, isUnsafe: boolean): Conversion | undefined {
  if (from.elements.length !== to.elements.length) return undefined;
  const conversions = from.elements.map((type, position) => conversion(type, to.elements[position] ?? type, isUnsafe));
  if (conversions.includes(undefined)) return undefined;
  return (value) => Sequence.tuple(toItems(value).map((item, position) => conversions[position]?.(item) ?? item));
}

function objectToObject(from: ObjectType, to: ObjectType, isUnsafe: boolean): Conversion | undefined {
  const conversions = new Map<string, Conversion>();
  for (const [name, wanted] of to.attributes) {
    const type = from.attributes.get(name);
    if (type === undefined) {
      if (to.optional?.has(name)) continue;
      return undefined;
    }
    const one = conversion(type, wanted, isUnsafe);
    if (!one) return undefined;
    conversions.set(name, one);
  }
  return (value) => pickMembers(toMembers(value), to, (name) => conversions.get(name));
}

function mapToObject(element: Type, to: ObjectType): Conversion | undefined {
  const conversions = new Map(
    [...to.attributes].map(([name, wanted]) => [name, conversion(element, wanted, true)] as const),
  );
  // An optional attribute may be absent from the map; only if it is there it matters that it cannot be converted.
  const isPossible = [...conversions].every(([name, one]) => one || to.optional?.has(name));
  return isPossible ? (value) => pickMembers(toMembers(value), to, (name) => conversions.get(name)) : undefined;
}

/** The members that the type has, each converted; absent optional ones are null. */
function pickMembers(
  members: ReadonlyMap<string, Value>,
  to: ObjectType,
  conversionOf: (name: string) => Conversion | undefined,
): Mapping {
  const picked = [...to.attributes].map(([name, wanted]) => {
    const member = members.get(name);
    if (member === undefined) {
      if (to.optional?.has(name)) return [name, new Null(withoutOptional(wanted))] as const;
      throw new ExpressionError(`map has no element for required attribute ${JSON.stringify(name)}`);
    }
    const one = conversionOf(name);
    if (!one) throw new ExpressionError(`the element ${JSON.stringify(name)} has another type than the attribute`);
    return [name, one(member)] as const;
  });
  return Mapping.object(picked);
}
