import type { JsonEvaluator } from './evaluate-json.ts';
import { toBool, toText } from './expression/convert.ts';
import { ExpressionError } from './expression/expression-error.ts';
import { convertToType } from './expression/functions/conversion.ts';
import type { Scope } from './expression/scope.ts';
import type { Json, Value } from './expression/value.ts';
import type { VariableDeclaration } from './stack.ts';

/**
 * The value of a variable: the given one, else the default, converted to the declared type. Its validations are checked in `validate`,
 * since their conditions refer to the variable itself.
 */
export function variableValue(name: string, declaration: VariableDeclaration, given: Json | undefined): Value {
  const value = given ?? declaration.default;
  if (value === undefined) {
    throw new ExpressionError(`the variable has no value and no default; give one: variables.${name}`);
  }
  return convertToType(value, declaration.type);
}

/** @throws ExpressionError with the message of each validation that doesn't hold */
export function validateVariable(
  declaration: VariableDeclaration,
  value: Value,
  scope: Scope,
  evaluate: JsonEvaluator,
): void {
  const broken = declaration.validation.filter(({ condition }) => !toBool(evaluate(condition, scope)));
  if (broken.length === 0) return;
  const messages = broken.map((validation) => toText(evaluate(validation.error_message, scope)));
  throw new ExpressionError(`got ${JSON.stringify(value)}: ${messages.join(' ')}`);
}
