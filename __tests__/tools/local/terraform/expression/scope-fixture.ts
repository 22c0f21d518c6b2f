import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { evaluateExpression } from '#local/terraform/expression/evaluate-expression.ts';
import { parseTemplate } from '#local/terraform/expression/read-expression.ts';
import type { Scope } from '#local/terraform/expression/scope.ts';
import { type Json, toJson, type Value } from '#local/terraform/expression/value.ts';

/** A scope of names with fixed values. */
export function scopeOf(names: Readonly<Record<string, Value>> = {}, folder = '/app'): Scope {
  return {
    folder,
    resolve(name) {
      const value = Object.hasOwn(names, name) ? names[name] : undefined;
      if (value === undefined) throw new ExpressionError(`refers to ${name}, which the test doesn't declare`);
      return { value, applied: 0 };
    },
  };
}

/** Value of a template, as a string of the JSON holds it. */
export function render(template: string, names: Readonly<Record<string, Value>> = {}): Json {
  return toJson(evaluateExpression(parseTemplate(template), scopeOf(names)));
}

/** Value of an expression. */
export function resultOf(expression: string, names: Readonly<Record<string, Value>> = {}): Json {
  return render(`\${${expression}}`, names);
}
