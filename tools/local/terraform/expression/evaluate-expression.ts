import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { applyAccessors } from './accessors.ts';
import { toBool, toList, toNumber, toObject, toText } from './convert.ts';
import { callFunction } from './functions/index.ts';
import { applyOperator } from './operators.ts';
import { sortedEntries } from './order.ts';
import { type Scope, withNames } from './scope.ts';
import type { Expression, ForExpression } from './syntax.ts';
import { isList, type Value } from './value.ts';

/**
 * Evaluates an expression as Terraform would.
 *
 * @throws ExpressionError
 */
export function evaluateExpression(expression: Expression, scope: Scope): Value {
  const evaluate = (inner: Expression) => evaluateExpression(inner, scope);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return expression.parts.map((part) => (typeof part === 'string' ? part : toText(evaluate(part)))).join('');
    case 'reference': {
      const { value, applied } = scope.resolve(expression.name, expression.accessors);
      return applyAccessors(value, expression.accessors.slice(applied), evaluate);
    }
    case 'access':
      return applyAccessors(evaluate(expression.of), expression.accessors, evaluate);
    case 'call': {
      const thunks = expression.args.map((argument) => () => evaluate(argument));
      return callFunction(expression.name, expression.expandLast ? expandLast(thunks) : thunks, scope);
    }
    case 'list':
      return expression.items.map(evaluate);
    case 'object':
      return Object.fromEntries(
        expression.entries.map(({ key, value }) => [toText(evaluate(key)), evaluate(value)] as const),
      );
    case 'for':
      return evaluateFor(expression, scope);
    case 'conditional':
      return toBool(evaluate(expression.condition)) ? evaluate(expression.then) : evaluate(expression.otherwise);
    case 'unary':
      return expression.operator === '!'
        ? !toBool(evaluate(expression.operand))
        : -toNumber(evaluate(expression.operand));
    case 'binary':
      return applyOperator(
        expression.operator,
        () => evaluate(expression.left),
        () => evaluate(expression.right),
      );
  }
}

function expandLast(thunks: readonly (() => Value)[]): readonly (() => Value)[] {
  const last = thunks.at(-1);
  return last ? [...thunks.slice(0, -1), ...toList(last()).map((value) => () => value)] : thunks;
}

function evaluateFor(expression: ForExpression, scope: Scope): Value {
  const { keyName, valueName, condition, key } = expression;
  const list: Value[] = [];
  const object = new Map<string, Value>();
  for (const [itemKey, itemValue] of iterate(evaluateExpression(expression.collection, scope))) {
    const item = withNames(scope, {
      ...(keyName === undefined ? {} : { [keyName]: itemKey }),
      [valueName]: itemValue,
    });
    if (condition && !toBool(evaluateExpression(condition, item))) continue;
    const value = evaluateExpression(expression.value, item);
    if (!key) {
      list.push(value);
      continue;
    }
    const name = toText(evaluateExpression(key, item));
    const earlier = object.get(name);
    if (expression.group) object.set(name, [...(earlier === undefined ? [] : toList(earlier)), value]);
    else if (earlier === undefined) object.set(name, value);
    else
      throw new ExpressionError(
        `two items of a for-expression have the key ${JSON.stringify(name)}; "..." after the value groups them`,
      );
  }
  return key ? Object.fromEntries(object) : list;
}

function iterate(value: Value): Iterable<readonly [Value, Value]> {
  if (isList(value)) return value.entries();
  return sortedEntries(toObject(value));
}
