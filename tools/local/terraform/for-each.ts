import { ExpressionError, within } from './addressed-error.ts';
import type { JsonEvaluator } from './evaluate-json.ts';
import { toNumber, toObject, toText } from './expression/convert.ts';

import { sortedEntries } from './expression/order.ts';
import { type Scope, withNames } from './expression/scope.ts';
import { isList, Placeholder, type Value } from './expression/value.ts';
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
    const items = within('for_each', () => forEachItems(evaluate(forEach, scope)));
    return items.map(([key, value]) => ({ key, scope: withNames(scope, { each: { key, value } }) }));
  }
  if (count === undefined) return [{ scope }];
  const length = within('count', () => wholeNumber(evaluate(count, scope)));
  return Array.from({ length }, (_, index) => ({ key: index, scope: withNames(scope, { count: { index } }) }));
}

/** Keys and values that `for_each` iterates over: the members of an object, or a set of texts, each its own key. */
export function forEachItems(value: Value): readonly (readonly [string, Value])[] {
  // Known only after apply: one instance stands for those that there will be.
  if (value instanceof Placeholder) return [[value.text, value]];
  if (isList(value)) return value.map((item) => [toText(item), item]);
  return sortedEntries(toObject(value));
}

function wholeNumber(value: Value): number {
  const number = toNumber(value);
  if (!Number.isInteger(number) || number < 0) {
    throw new ExpressionError(`got ${number}; allowed are whole numbers from 0`);
  }
  return number;
}
