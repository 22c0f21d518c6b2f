import { ExpressionError } from '../expression-error.ts';
import { sortedEntries, toBool, toList, toNumber, toObject, toText, type Value } from '../value.ts';
import { asSet } from './collection.ts';
import { type FunctionTable, unary } from './function-definition.ts';

const unlessNull = (convert: (value: Value) => Value) => unary((value) => (value === null ? null : convert(value)));

/** Source: Terraform, "Functions", section Type Conversion. */
export const conversionFunctions: FunctionTable = {
  tostring: unlessNull(toText),
  tonumber: unlessNull(toNumber),
  tobool: unlessNull(toBool),
  tolist: unlessNull((value) => [...toList(value)]),
  toset: unlessNull((value) => asSet(toList(value))),
  tomap: unlessNull(toObject),
  sensitive: unary((value) => value),
  nonsensitive: unary((value) => value),
};

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
