import { compareNumbers } from '#local/vtl/java/arithmetic.ts';
import { isNumber } from '#local/vtl/java/numbers.ts';
import { classNameOf, isEqual, JavaObject, textOf, type Value } from '#local/vtl/java/value.ts';

/** Classes that extend another one which a template meets. */
const PARENTS: Readonly<Record<string, string>> = { 'net.minidev.json.JSONArray': 'java.util.ArrayList' };

/**
 * `==`: numbers by their value, objects of one class by `equals`, and others by their texts.
 *
 * Source: Apache Velocity Engine 1.7, `ASTEQNode`.
 */
export function isSame(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (left !== null && right !== null && isRelated(classNameOf(left), classNameOf(right))) return isEqual(left, right);
  return textOrNull(left) === textOrNull(right);
}

function isRelated(left: string, right: string): boolean {
  return left === right || PARENTS[left] === right || PARENTS[right] === left;
}

function textOrNull(value: Value): string | null {
  if (value instanceof JavaObject) return value.toText();
  return value === null ? null : textOf(value);
}
