import type { PolicyStatement } from '#local/model/model.ts';
import { compileWildcard } from './wildcard.ts';

/** Condition key in lower case → the request's value; absent: the request has none. */
export type ConditionContext = ReadonlyMap<string, string>;

/** `undefined`: it can't be evaluated here. */
type Condition = (context: ConditionContext) => boolean | undefined;
type Compare = (expected: readonly string[]) => (actual: string) => boolean;

const equals: Compare = (expected) => (actual) => expected.includes(actual);
const equalsIgnoringCase: Compare = (expected) => {
  const lower = expected.map((value) => value.toLowerCase());
  return (actual) => lower.includes(actual.toLowerCase());
};
const like: Compare = (expected) => {
  const patterns = expected.map(compileWildcard);
  return (actual) => patterns.some((matches) => matches(actual));
};

const OPERATORS: Readonly<Record<string, Compare>> = {
  stringequals: equals,
  stringequalsignorecase: equalsIgnoringCase,
  stringlike: like,
  arnequals: like,
  arnlike: like,
  bool: equalsIgnoringCase,
};

/**
 * Compiles a statement's conditions, all of which must be met.
 *
 * A key that the request doesn't have meets negated operators and those with `IfExists` only. Operators other than those for strings, ARNs,
 * Booleans and `Null` can't be evaluated: the result is `undefined`.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
export function compileConditions(conditions: PolicyStatement['conditions'] = {}): Condition {
  const compiled = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => compileCondition(operator, key, values)),
  );
  if (compiled.length === 0) return () => true;
  return (context) => {
    const results = compiled.map((condition) => condition(context));
    if (results.includes(false)) return false;
    return results.includes(undefined) ? undefined : true;
  };
}

function compileCondition(name: string, key: string, values: readonly string[]): Condition {
  const lowerKey = key.toLowerCase();
  if (name.toLowerCase() === 'null') return (context) => values.includes(String(!context.has(lowerKey)));
  const [, operator = '', ifExists] = /^(.*?)(ifexists)?$/.exec(name.toLowerCase()) ?? [];
  const negated = /^(string|arn)not/.test(operator);
  const compare = OPERATORS[negated ? operator.replace('not', '') : operator];
  if (!compare) return () => undefined;
  const matches = compare(values);
  return (context) => {
    const actual = context.get(lowerKey);
    if (actual === undefined) return negated || ifExists !== undefined;
    return matches(actual) !== negated;
  };
}
