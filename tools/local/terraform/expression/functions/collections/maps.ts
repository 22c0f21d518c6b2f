import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  any,
  anyOrNull,
  binary,
  type FunctionTable,
  list,
  map,
  type Parameter,
  text,
  unary,
  variadic,
} from '#local/terraform/expression/functions/function-definition.ts';
import { convert, describeType, toText } from '#local/terraform/expression/value/convert.ts';
import { compareText } from '#local/terraform/expression/value/order.ts';
import { equalTypes, listOf } from '#local/terraform/expression/value/type.ts';
import {
  isNull,
  LazyObject,
  Mapping,
  Null,
  Sequence,
  typeOf,
  type Value,
} from '#local/terraform/expression/value/value.ts';

/** An object or a map. */
const mapping: Parameter<Mapping> = (value) => {
  const known = value instanceof LazyObject ? value.resolve() : value;
  if (known instanceof Mapping) return known;
  throw new ExpressionError(`got ${describeType(value)}, a map or object is needed`);
};

/** Source: Terraform, "Functions", section Collection: what takes maps and objects. */
export const mapFunctions: FunctionTable = {
  keys: unary(mapping, ({ kind, members }) => {
    const keys = [...members.keys()];
    return kind === 'map' ? Sequence.list('string', keys) : Sequence.tuple(keys);
  }),
  values: unary(mapping, ({ kind, element, members }) => {
    const values = [...members.values()];
    return kind === 'map' ? Sequence.list(element, values) : Sequence.tuple(values);
  }),
  lookup: {
    min: 2,
    max: 3,
    call: ([object, key, otherwise]) => lookup(mapping(any(object ?? '')), text(key ?? ''), otherwise),
  },
  merge: variadic(0, anyOrNull, merge),
  zipmap: binary(list('string'), any, zip),
  transpose: unary(map(listOf('string')), transpose),
};

function lookup({ kind, element, members }: Mapping, key: string, otherwise: Value | undefined): Value {
  const converted = otherwise !== undefined && kind === 'map' ? convert(otherwise, element) : otherwise;
  const member = members.get(key) ?? converted;
  if (member !== undefined) return member;
  throw new ExpressionError(`the ${kind} has no key ${JSON.stringify(key)}, and lookup() got no default`);
}

/** Maps of one type make a map, anything else an object. Null counts as empty. */
function merge(values: readonly Value[]): Value {
  const types = values.map((value) => {
    const type = typeOf(value);
    if (type === 'dynamic' && isNull(value)) return undefined;
    if (typeof type === 'string' || (type.kind !== 'map' && type.kind !== 'object')) {
      throw new ExpressionError(`got ${describeType(value)}, maps or objects are needed`);
    }
    return type;
  });
  const members = values.filter((value) => !isNull(value)).flatMap((value) => [...mapping(value).members]);
  const [first] = types;
  const isOneMap = first?.kind === 'map' && types.every((type) => type && equalTypes(type, first));
  return isOneMap ? Mapping.map(first.element, members) : Mapping.object(members);
}

function zip(keys: Sequence, values: Value): Value {
  if (!(values instanceof Sequence) || values.kind === 'set') {
    throw new ExpressionError(`got ${describeType(values)} as the values, a list or tuple is needed`);
  }
  if (keys.items.length !== values.items.length) {
    throw new ExpressionError(`got ${keys.items.length} keys and ${values.items.length} values; they must be as many`);
  }
  if (keys.items.some(isNull)) throw new ExpressionError('got a key that is null');
  const members = keys.items.map(
    (key, position) => [toText(key), values.items[position] ?? new Null('dynamic')] as const,
  );
  return values.kind === 'list' ? Mapping.map(values.element, members) : Mapping.object(members);
}

function transpose({ members }: Mapping): Value {
  const transposed = new Map<string, string[]>();
  for (const [key, values] of members) {
    if (!(values instanceof Sequence)) throw new ExpressionError('got a list that is null');
    for (const value of values.items) {
      if (isNull(value)) throw new ExpressionError('got an element that is null');
      const keys = transposed.get(toText(value));
      if (keys) keys.push(key);
      else transposed.set(toText(value), [key]);
    }
  }
  return Mapping.map(
    listOf('string'),
    [...transposed].map(([value, keys]) => [value, Sequence.list('string', keys.sort(compareText))] as const),
  );
}
