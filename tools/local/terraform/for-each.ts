import { ExpressionError, within } from './addressed-error.ts';
import type { JsonEvaluator } from './evaluate-json.ts';
import { type Scope, withNames } from './expression/scope.ts';
import { BigFloat } from './expression/value/big-float.ts';
import { describeType, toMembers, toNumber, toText } from './expression/value/convert.ts';
import { numberText } from './expression/value/number-text.ts';
import { isNull, Mapping, Placeholder, reveal, Sequence, type Value } from './expression/value/value.ts';
import type { Body } from './stack.ts';

/** One of the instances that a block stands for. */
export interface Instance {
  /** Absent for a block without `count` and `for_each`. */
  readonly key?: number | string;
  /** Knows `each` or `count`. */
  readonly scope: Scope;
}

/** The instances of a resource block. Source: Terraform, "The count Meta-Argument", "The for_each Meta-Argument". */
export function expandInstances(body: Body, scope: Scope, evaluate: JsonEvaluator): readonly Instance[] {
  const { count, for_each: forEach } = body;
  if (forEach !== undefined) {
    const items = within('for_each', () => instanceItems(evaluate(forEach, scope)));
    return items.map(([key, value]) => ({ key, scope: withNames(scope, { each: keyAndValue(key, value) }) }));
  }
  if (count === undefined) return [{ scope }];
  const length = within('count', () => instanceCount(evaluate(count, scope)));
  return Array.from({ length }, (_, index) => {
    const names = { count: Mapping.object([['index', BigFloat.count(index)]]) };
    return { key: index, scope: withNames(scope, names) };
  });
}

/** What `each` and the iterator of a `dynamic` block hold. */
export function keyAndValue(key: Value, value: Value): Mapping {
  return Mapping.object([
    ['key', key],
    ['value', value],
  ]);
}

/** Keys and values of a resource's `for_each`: the members of an object or a map, or a set of texts, each its own key. */
function instanceItems(value: Value): readonly (readonly [string, Value])[] {
  // Known only after apply: one instance stands for those that there will be.
  if (value instanceof Placeholder) return [[value.text, value]];
  if (!(value instanceof Sequence)) return [...toMembers(value)];
  if (value.kind !== 'set') {
    throw new ExpressionError(`got ${describeType(value)}; allowed are a map and a set of texts, as toset() makes one`);
  }
  return value.items.map((item) => [toText(item), item]);
}

/** Keys and values that a `dynamic` block iterates over: of a list the keys are the positions. Source: Terraform, "dynamic Blocks". */
export function dynamicItems(given: Value): readonly (readonly [Value, Value])[] {
  const value = reveal(given);
  if (value instanceof Placeholder) return [[value.text, value]];
  if (isNull(value)) throw new ExpressionError('got null; an empty list makes no blocks');
  if (!(value instanceof Sequence)) return [...toMembers(value)];
  const { kind, items } = value;
  return items.map((item, position) => [kind === 'set' ? item : BigFloat.count(position), item]);
}

/** A count that is known only after apply counts as one. */
function instanceCount(value: Value): number {
  if (value instanceof Placeholder) return 1;
  const number = toNumber(value);
  if (!number.isWhole || (number.isNegative && number.mantissa !== 0n)) {
    throw new ExpressionError(`got ${numberText(number)}; allowed are whole numbers from 0`);
  }
  return number.toNumber();
}
