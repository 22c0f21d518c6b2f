import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { convert } from '#local/terraform/expression/value/convert.ts';
import { listOf, mapOf, setOf, type Type } from '#local/terraform/expression/value/type.ts';
import { Sensitive } from '#local/terraform/expression/value/value.ts';
import { anyOrNull, type FunctionTable, unary } from './function-definition.ts';

const to = (type: Type) => unary(anyOrNull, (value) => convert(value, type));

/** Source: Terraform, "Functions", section Type Conversion. */
export const conversionFunctions: FunctionTable = {
  tostring: to('string'),
  tonumber: to('number'),
  tobool: to('bool'),
  tolist: to(listOf('dynamic')),
  toset: to(setOf('dynamic')),
  tomap: to(mapOf('dynamic')),
  ephemeralasnull: unary(anyOrNull, (value) => value),
  list: unary(anyOrNull, () => removed('list', 'tolist([ … ])')),
  map: unary(anyOrNull, () => removed('map', 'tomap({ … })')),
};

/** Functions that see whether a value is sensitive. */
export const sensitivityFunctions: FunctionTable = {
  sensitive: unary(anyOrNull, (value) => new Sensitive(value)),
  nonsensitive: unary(anyOrNull, (value) => (value instanceof Sensitive ? value.value : value)),
  issensitive: unary(anyOrNull, (value) => value instanceof Sensitive),
};

function removed(name: string, instead: string): never {
  throw new ExpressionError(`the function ${name}() was removed from Terraform; use ${instead}`);
}
