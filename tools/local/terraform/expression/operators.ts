import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toBool, toNumber } from './convert.ts';
import { identityOf } from './order.ts';
import type { BinaryOperator } from './syntax.ts';
import type { Value } from './value.ts';

type StrictOperator = Exclude<BinaryOperator, '&&' | '||'>;

const operations: Readonly<Record<StrictOperator, (left: Value, right: Value) => Value>> = {
  '==': (left, right) => identityOf(left) === identityOf(right),
  '!=': (left, right) => identityOf(left) !== identityOf(right),
  '<': (left, right) => toNumber(left) < toNumber(right),
  '<=': (left, right) => toNumber(left) <= toNumber(right),
  '>': (left, right) => toNumber(left) > toNumber(right),
  '>=': (left, right) => toNumber(left) >= toNumber(right),
  '+': (left, right) => toNumber(left) + toNumber(right),
  '-': (left, right) => toNumber(left) - toNumber(right),
  '*': (left, right) => toNumber(left) * toNumber(right),
  '/': (left, right) => toNumber(left) / divisor(right),
  '%': (left, right) => toNumber(left) % divisor(right),
};

/**
 * Applies an operator. `==` and `!=` convert nothing (`1 == "1"` is false), the others convert their operands.
 * Source: Terraform, "Arithmetic and Logical Operators". Both sides of `&&` and `||` are evaluated only as far as needed.
 */
export function applyOperator(operator: BinaryOperator, left: () => Value, right: () => Value): Value {
  if (operator === '&&') return toBool(left()) && toBool(right());
  if (operator === '||') return toBool(left()) || toBool(right());
  return operations[operator](left(), right());
}

function divisor(value: Value): number {
  const number = toNumber(value);
  if (number === 0) throw new ExpressionError('division by zero');
  return number;
}
