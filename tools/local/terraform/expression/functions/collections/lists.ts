import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  any,
  anyOrNull,
  binary,
  type FunctionTable,
  list,
  type Parameter,
  ternary,
  unary,
  variadic,
  whole,
} from '#local/terraform/expression/functions/function-definition.ts';
import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { convert, describeType, toText } from '#local/terraform/expression/value/convert.ts';
import { compareText } from '#local/terraform/expression/value/order.ts';
import { equalValues } from '#local/terraform/expression/value/set.ts';
import { graphemes } from '#local/terraform/expression/value/text.ts';
import { equalTypes, listOf, type Type } from '#local/terraform/expression/value/type.ts';
import { unify } from '#local/terraform/expression/value/unify.ts';
import {
  isNull,
  LazyObject,
  Mapping,
  Null,
  Sequence,
  typeOf,
  type Value,
} from '#local/terraform/expression/value/value.ts';

/** A list or a tuple. */
const ordered: Parameter<Sequence> = (value) => {
  if (value instanceof Sequence && value.kind !== 'set') return value;
  throw new ExpressionError(`got ${describeType(value)}, a list or tuple is needed`);
};

/** A list, a set or a tuple. */
const sequence: Parameter<Sequence> = (value) => {
  if (value instanceof Sequence) return value;
  throw new ExpressionError(`got ${describeType(value)}, a list, set or tuple is needed`);
};

/** Source: Terraform, "Functions", section Collection: what takes lists. */
export const listFunctions: FunctionTable = {
  length: unary(any, (value) => BigFloat.count(lengthOf(value))),
  concat: variadic(1, ordered, concat),
  contains: binary(sequence, any, ({ items }, wanted) => items.some((item) => equalValues(item, wanted))),
  index: binary(ordered, any, ({ items }, wanted) => {
    const position = items.findIndex((item) => equalValues(item, wanted));
    if (position < 0) throw new ExpressionError('the list holds no such element');
    return BigFloat.count(position);
  }),
  element: binary(ordered, whole, ({ kind, items }, position) => {
    const rest = position % items.length;
    // Below zero a list is counted from its end; of a tuple Terraform 1.11 refuses it.
    const item = items[rest < 0 && kind === 'list' ? rest + items.length : rest];
    if (item === undefined) throw new ExpressionError(`a ${kind} of ${items.length} has no element ${position}`);
    return item;
  }),
  slice: ternary(ordered, whole, whole, (all, start, end) => {
    if (start < 0 || start > end || end > all.items.length) {
      throw new ExpressionError(
        `got ${start} to ${end}; allowed are 0 to ${all.items.length}, the length of the list, in that order`,
      );
    }
    return sameKind(all, all.items.slice(start, end));
  }),
  reverse: unary(sequence, (all) => sameKind(all, all.items.toReversed())),
  sort: unary(list('string'), ({ items }) => {
    if (items.some(isNull)) throw new ExpressionError('got a null element, which cannot be sorted');
    return Sequence.list('string', items.map(toText).sort(compareText));
  }),
  distinct: unary(list('dynamic'), ({ element, items }) =>
    Sequence.list(
      element,
      items.filter((item, position) => !items.slice(0, position).some((earlier) => equalValues(earlier, item))),
    ),
  ),
  flatten: unary(sequence, ({ items }) => Sequence.tuple(flatten(items))),
  compact: unary(list('string'), ({ items }) =>
    Sequence.list(
      'string',
      items.filter((item) => !isNull(item) && item !== ''),
    ),
  ),
  chunklist: binary(list('dynamic'), whole, chunk),
  one: unary(sequence, one),
  coalesce: variadic(1, anyOrNull, coalesce),
  coalescelist: variadic(1, anyOrNull, (values) => {
    const lists = values.map((value) => (isNull(value) && isListType(value.type) ? undefined : ordered(value)));
    const found = lists.find((one) => one !== undefined && one.items.length > 0);
    if (!found) throw new ExpressionError('every list is empty');
    return found;
  }),
  alltrue: unary(list('bool'), ({ items }) => items.every((item) => item === true)),
  anytrue: unary(list('bool'), ({ items }) => items.some((item) => item === true)),
  matchkeys: ternary(list('dynamic'), list('dynamic'), list('dynamic'), matchKeys),
};

function lengthOf(value: Value): number {
  if (typeof value === 'string') return graphemes(value).length;
  if (value instanceof Sequence) return value.items.length;
  const mapping = value instanceof LazyObject ? value.resolve() : value;
  if (mapping instanceof Mapping) return mapping.members.size;
  throw new ExpressionError(`got ${describeType(value)}; a text or a collection is needed`);
}

function sameKind({ kind, element }: Sequence, items: readonly Value[]): Sequence {
  return kind === 'tuple' ? Sequence.tuple(items) : Sequence.list(element, items);
}

function isListType(type: Type): boolean {
  return typeof type !== 'string' && (type.kind === 'list' || type.kind === 'tuple');
}

/** Lists alone make a list; with a tuple among them, a tuple. */
function concat(all: readonly Sequence[]): Value {
  const element = all.every(({ kind }) => kind === 'list')
    ? unify(
        all.map((one) => one.element),
        true,
      )
    : undefined;
  if (element === undefined) return Sequence.tuple(all.flatMap(({ items }) => items));
  const type = listOf(element);
  return Sequence.list(
    element,
    all.flatMap((one) => list(element)(equalTypes(typeOf(one), type) ? one : convert(one, type)).items),
  );
}

function flatten(items: readonly Value[]): Value[] {
  return items.flatMap((item) => (item instanceof Sequence ? flatten(item.items) : [item]));
}

function chunk({ element, items }: Sequence, size: number): Value {
  if (size < 0) throw new ExpressionError(`got the size ${size}; it must be positive`);
  const rows =
    size === 0 && items.length > 0
      ? [items]
      : Array.from({ length: size === 0 ? 0 : Math.ceil(items.length / size) }, (_, row) =>
          items.slice(row * size, (row + 1) * size),
        );
  return Sequence.list(
    listOf(element),
    rows.map((row) => Sequence.list(element, row)),
  );
}

function one({ kind, element, items }: Sequence): Value {
  const [first, ...more] = items;
  if (more.length > 0) throw new ExpressionError(`got ${items.length} elements; one() takes none or one`);
  return first ?? new Null(kind === 'tuple' ? 'dynamic' : element);
}

function coalesce(values: readonly Value[]): Value {
  const type = unify(values.map(typeOf), true);
  if (type === undefined) throw new ExpressionError('the arguments have no common type');
  const found = values.map((value) => convert(value, type)).find((value) => !isNull(value) && value !== '');
  if (found === undefined) throw new ExpressionError('every argument is null or empty');
  return found;
}

function matchKeys(values: Sequence, keys: Sequence, searched: Sequence): Value {
  const type = unify([typeOf(keys), typeOf(searched)], true);
  if (type === undefined) throw new ExpressionError('keys and searchset must be of the same type');
  if (values.items.length !== keys.items.length) {
    throw new ExpressionError(`got ${values.items.length} values and ${keys.items.length} keys; they must be as many`);
  }
  const [wanted, given] = [convert(searched, type), convert(keys, type)].map(ordered);
  const isWanted = given?.items.map((key) => wanted?.items.some((one) => equalValues(key, one)));
  return Sequence.list(
    values.element,
    values.items.filter((_, position) => isWanted?.[position]),
  );
}
