import { ExpressionError, UnknownValueError } from '#local/terraform/addressed-error.ts';
import { applyAccessors } from './accessors.ts';
import { evaluateConditional } from './evaluate-conditional.ts';
import { evaluateFor } from './evaluate-for.ts';
import { callFunction } from './functions/index.ts';
import { applyOperator } from './operators.ts';
import type { Scope } from './scope.ts';
import type { Expression } from './syntax/syntax.ts';
import { toBool, toItems, toNumber, toText } from './value/convert.ts';
import { normalText } from './value/text.ts';
import { isNull, Mapping, Placeholder, Sensitive, Sequence, type Value } from './value/value.ts';

/**
 * Evaluates an expression as Terraform would. What needs a value that only AWS could tell is a placeholder.
 *
 * @throws ExpressionError
 */
export function evaluateExpression(expression: Expression, scope: Scope): Value {
  try {
    return evaluateNode(expression, scope);
  } catch (error) {
    if (error instanceof UnknownValueError) return new Placeholder(error.path);
    throw error;
  }
}

function evaluateNode(expression: Expression, scope: Scope): Value {
  const evaluate = (inner: Expression) => evaluateExpression(inner, scope);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return joinTexts(expression.parts.map((part) => (typeof part === 'string' ? part : evaluate(part))));
    case 'join':
      return joinTexts(toItems(evaluate(expression.tuple)));
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
      return Sequence.tuple(expression.items.map(evaluate));
    case 'object':
      return Mapping.object(
        expression.entries.map(({ key, value }) => [objectKey(evaluate(key)), evaluate(value)] as const),
      );
    case 'for':
      return evaluateFor(expression, scope, evaluateExpression);
    case 'conditional':
      return evaluateConditional(expression, evaluate);
    case 'unary': {
      const operand = evaluate(expression.operand);
      const result = expression.operator === '!' ? !toBool(plain(operand)) : toNumber(plain(operand)).negate();
      return operand instanceof Sensitive ? new Sensitive(result) : result;
    }
    case 'binary':
      return applyOperator(expression.operator, evaluate(expression.left), evaluate(expression.right));
  }
}

function plain(value: Value): Value {
  return value instanceof Sensitive ? value.value : value;
}

function joinTexts(parts: readonly Value[]): Value {
  const text = normalText(
    parts
      .map((part) => {
        if (isNull(plain(part))) throw new ExpressionError('got null, which a text cannot include');
        return toText(part);
      })
      .join(''),
  );
  return parts.some((part) => part instanceof Sensitive) ? new Sensitive(text) : text;
}

function objectKey(key: Value): string {
  if (key instanceof Sensitive) throw new ExpressionError('a sensitive value cannot be a key');
  if (isNull(key)) throw new ExpressionError('got null as a key of an object');
  return toText(key);
}

function expandLast(thunks: readonly (() => Value)[]): readonly (() => Value)[] {
  const last = thunks.at(-1);
  if (!last) return thunks;
  const values = last();
  if (values instanceof Sensitive) {
    return [...thunks.slice(0, -1), ...toItems(values.value).map((value) => () => new Sensitive(value))];
  }
  return [...thunks.slice(0, -1), ...toItems(values).map((value) => () => value)];
}
