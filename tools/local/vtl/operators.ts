import { isDeepStrictEqual } from 'node:util';
import { textOf } from './java/strings.ts';
import { bounded } from './limits.ts';
import type { Operator } from './syntax.ts';
import type { Value } from './values.ts';

/** What Velocity 1.7 takes for true: a Boolean's value, and anything else that isn't null, an empty text and 0 included. */
export function isTrue(value: Value): boolean {
  return typeof value === 'boolean' ? value : value !== undefined && value !== null;
}

/**
 * Arithmetic and comparison.
 *
 * Source: Apache Velocity Engine 1.7 User Guide, "Math" and "Conditionals".
 *
 * @returns `undefined` where Velocity logs an error and has null: a side isn't a number, division by zero
 */
export function evaluateOperator(operator: Operator, left: Value, right: Value): Value {
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  if (typeof left === 'number' && typeof right === 'number') return compute(operator, left, right);
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string'))
    return bounded(textOf(left) + textOf(right));
  return /[<>]/.test(operator) ? false : undefined;
}

/** Values of different classes are equal when their texts are. */
function isEqual(left: Value, right: Value): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  return typeof left === typeof right ? isDeepStrictEqual(left, right) : textOf(left) === textOf(right);
}

function compute(operator: Operator, left: number, right: number): Value {
  const whole = Number.isInteger(left) && Number.isInteger(right);
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) return undefined;
      return whole ? Math.trunc(left / right) : left / right;
    case '%':
      return right === 0 ? undefined : left % right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return undefined;
  }
}
