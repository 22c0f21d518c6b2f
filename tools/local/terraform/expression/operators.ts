import { ExpressionError } from '#local/terraform/addressed-error.ts';
import type { BinaryOperator } from './syntax/syntax.ts';
import type { BigFloat } from './value/big-float.ts';
import { toBool, toNumber } from './value/convert.ts';
import { equalValues } from './value/set.ts';
import { Sensitive, type Value } from './value/value.ts';

const onNumbers = (compute: (left: BigFloat, right: BigFloat) => Value) => (left: Value, right: Value) => {
  const operands = [toNumber(left), toNumber(right)] as const;
  return compute(...operands);
};

const operations: Readonly<Record<BinaryOperator, (left: Value, right: Value) => Value>> = {
  '==': equalValues,
  '!=': (left, right) => !equalValues(left, right),
  '<': onNumbers((left, right) => left.compare(right) < 0),
  '<=': onNumbers((left, right) => left.compare(right) <= 0),
  '>': onNumbers((left, right) => left.compare(right) > 0),
  '>=': onNumbers((left, right) => left.compare(right) >= 0),
  '+': onNumbers(sum),
  '-': onNumbers((left, right) => sum(left, right.negate())),
  '*': onNumbers(product),
  '/': onNumbers(quotient),
  // Source: go-cty, `Modulo`: the remainder of a division by zero is the dividend.
  '%': onNumbers((left, right) => (isZero(right) ? left : left.remainder(right))),
  '&&': (left, right) => [toBool(left), toBool(right)].every(Boolean),
  '||': (left, right) => [toBool(left), toBool(right)].some(Boolean),
};

/**
 * Applies an operator. `==` and `!=` convert nothing (`1 == "1"` is false), the others convert their operands. Both sides of `&&` and `||`
 * are evaluated. Source: Terraform, "Arithmetic and Logical Operators"; HCL 2.23.
 */
export function applyOperator(operator: BinaryOperator, left: Value, right: Value): Value {
  if (!(left instanceof Sensitive || right instanceof Sensitive)) return operations[operator](left, right);
  return new Sensitive(operations[operator](plain(left), plain(right)));
}

function plain(value: Value): Value {
  return value instanceof Sensitive ? value.value : value;
}

function isZero(number: BigFloat): boolean {
  return number.mantissa === 0n && !number.isInfinite;
}

function sum(left: BigFloat, right: BigFloat): BigFloat {
  if (left.isInfinite && right.isInfinite && left.isNegative !== right.isNegative) {
    throw new ExpressionError("opposite infinities can't be added");
  }
  return left.add(right);
}

function product(left: BigFloat, right: BigFloat): BigFloat {
  if ((isZero(left) && right.isInfinite) || (left.isInfinite && isZero(right))) {
    throw new ExpressionError("zero and infinity can't be multiplied");
  }
  return left.multiply(right);
}

/** A division by zero is infinite, which no output and no JSON can hold. */
function quotient(left: BigFloat, right: BigFloat): BigFloat {
  if ((isZero(left) && isZero(right)) || (left.isInfinite && right.isInfinite)) {
    throw new ExpressionError("zero can't be divided by zero, nor infinity by infinity");
  }
  return left.divide(right);
}
