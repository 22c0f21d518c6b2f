import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toBool, toList, toNumber, toObject, toText, typeName } from '#local/terraform/expression/convert.ts';
import { compareText, identityOf, sortedEntries } from '#local/terraform/expression/order.ts';
import { isList, isObject, type Value } from '#local/terraform/expression/value.ts';
import { binary, type FunctionTable, ternary, unary, variadic } from './function-definition.ts';

/** Source: Terraform, "Functions", section Collection. */
export const collectionFunctions: FunctionTable = {
  length: unary((value) => {
    if (typeof value === 'string') return [...value].length;
    return isList(value) ? value.length : Object.keys(toObject(value)).length;
  }),
  concat: variadic(1, (lists) => lists.flatMap((list) => toList(list))),
  contains: binary((list, value) => {
    const wanted = identityOf(value);
    return toList(list).some((item) => identityOf(item) === wanted);
  }),
  index: binary((list, value) => {
    const wanted = identityOf(value);
    const position = toList(list).findIndex((item) => identityOf(item) === wanted);
    if (position < 0) throw new ExpressionError(`the list holds no ${wanted}`);
    return position;
  }),
  element: binary((list, position) => {
    const items = toList(list);
    const item = items[toNumber(position) % items.length];
    if (item === undefined) {
      throw new ExpressionError(`a list of ${items.length} has no element ${toNumber(position)}`);
    }
    return item;
  }),
  slice: ternary((list, start, end) => toList(list).slice(toNumber(start), toNumber(end))),
  reverse: unary((list) => [...toList(list)].reverse()),
  sort: unary((list) => toList(list).map(toText).sort(compareText)),
  distinct: unary((list) => distinct(toList(list))),
  flatten: unary((list) => flatten(toList(list))),
  compact: unary((list) => toList(list).filter((item) => item !== null && item !== '')),
  chunklist: binary((list, size) => chunk(toList(list), toNumber(size))),
  one: unary((list) => {
    const [first = null, ...more] = toList(list);
    if (more.length > 0) throw new ExpressionError(`got ${more.length + 1} elements; one() takes none or one`);
    return first;
  }),
  coalesce: variadic(1, (values) => {
    const found = values.find((value) => value !== null && value !== '');
    if (found === undefined) throw new ExpressionError('every argument is null or empty');
    return found;
  }),
  coalescelist: variadic(1, (lists) => {
    const found = lists.find((list) => toList(list).length > 0);
    if (found === undefined) throw new ExpressionError('every list is empty');
    return found;
  }),
  alltrue: unary((list) => toList(list).every(toBool)),
  anytrue: unary((list) => toList(list).some(toBool)),
  lookup: variadic(2, (args) => lookup(args), 3),
  keys: unary((object) => sortedEntries(toObject(object)).map(([key]) => key)),
  values: unary((object) => sortedEntries(toObject(object)).map(([, value]) => value)),
  merge: variadic(0, (objects) =>
    Object.fromEntries(
      objects.filter((object) => object !== null).flatMap((object) => Object.entries(toObject(object))),
    ),
  ),
  zipmap: binary((keys, values) => {
    const items = toList(values);
    return Object.fromEntries(toList(keys).map((key, position) => [toText(key), items[position] ?? null]));
  }),
  setunion: variadic(1, (sets) => asSet(sets.flatMap((set) => toList(set)))),
  setintersection: variadic(1, (sets) => {
    const others = sets.slice(1).map((set) => new Set(toList(set).map(identityOf)));
    return asSet(toList(sets[0] ?? []).filter((item) => others.every((other) => other.has(identityOf(item)))));
  }),
  setsubtract: binary((set, removed) => {
    const without = new Set(toList(removed).map(identityOf));
    return asSet(toList(set).filter((item) => !without.has(identityOf(item))));
  }),
  setproduct: variadic(2, (sets) =>
    sets.reduce<Value[][]>((rows, set) => rows.flatMap((row) => toList(set).map((item) => [...row, item])), [[]]),
  ),
};

/** A list as a set: without duplicates, texts and numbers sorted. */
export function asSet(items: readonly Value[]): readonly Value[] {
  const unique = distinct(items);
  if (unique.every((item) => typeof item === 'number')) return unique.toSorted((a, b) => toNumber(a) - toNumber(b));
  return unique.every((item) => typeof item === 'string') ? unique.map(toText).sort(compareText) : unique;
}

function distinct(items: readonly Value[]): Value[] {
  const byIdentity = new Map<string, Value>();
  for (const item of items) {
    const identity = identityOf(item);
    if (!byIdentity.has(identity)) byIdentity.set(identity, item);
  }
  return [...byIdentity.values()];
}

function flatten(items: readonly Value[]): Value[] {
  return items.flatMap((item) => (isList(item) ? flatten(item) : [item]));
}

function chunk(items: readonly Value[], size: number): Value[][] {
  if (size <= 0) return [[...items]];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, row) => items.slice(row * size, (row + 1) * size));
}

function lookup([object = null, key = null, otherwise]: readonly Value[]): Value {
  const members = toObject(object);
  const name = toText(key);
  const member = Object.hasOwn(members, name) ? members[name] : undefined;
  if (member !== undefined) return member;
  if (otherwise !== undefined) return otherwise;
  const kind = isObject(object) ? 'map' : typeName(object);
  throw new ExpressionError(`the ${kind} has no key ${JSON.stringify(name)}, and lookup() got no default`);
}
