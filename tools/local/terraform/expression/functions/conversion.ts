import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toBool, toList, toNumber, toObject, toText } from '#local/terraform/expression/convert.ts';
import { sortedEntries } from '#local/terraform/expression/order.ts';
import type { Value } from '#local/terraform/expression/value.ts';
import { asSet } from './collection.ts';
import { type FunctionTable, unary } from './function-definition.ts';

const unlessNull = (convert: (value: Value) => Value) => unary((value) => (value === null ? null : convert(value)));

/** Source: Terraform, "Functions", section Type Conversion. */
export const conversionFunctions: FunctionTable = {
  tostring: unlessNull(toText),
  tonumber: unlessNull(toNumber),
  tobool: unlessNull(toBool),
  tolist: unlessNull((value) => sameType(toList(value))),
  toset: unlessNull((value) => asSet(sameType(toList(value)))),
  tomap: unlessNull((value) => {
    const object = toObject(value);
    const members = sameType(Object.values(object));
    return Object.fromEntries(Object.keys(object).map((key, position) => [key, members[position] ?? null]));
  }),
  sensitive: unary((value) => value),
  nonsensitive: unary((value) => value),
};

/** Elements of a collection have one type: texts, when they are of different primitive ones. */
function sameType(items: readonly Value[]): readonly Value[] {
  const known = items.filter((item) => item !== null);
  const types = new Set(known.map((item) => typeof item));
  if (types.size < 2 || types.has('object')) return items;
  return items.map((item) => (item === null ? null : toText(item)));
}

/** Converts a variable's value to the type that its declaration names; only the outermost type of a collection is looked at. */
export function convertToType(value: Value, type: string): Value {
  if (value === null) return null;
  const outermost = /^\w+/.exec(type)?.[0] ?? 'any';
  switch (outermost) {
    case 'string':
      return toText(value);
    case 'number':
      return toNumber(value);
    case 'bool':
      return toBool(value);
    case 'list':
    case 'tuple':
      return toList(value);
    case 'set':
      return asSet(toList(value));
    case 'map':
      return Object.fromEntries(sortedEntries(toObject(value)));
    case 'object':
      return toObject(value);
    case 'any':
      return value;
    default:
      throw new ExpressionError(
        `got the type ${type}; allowed are string, number, bool, list, set, map, object, tuple, any`,
      );
  }
}
