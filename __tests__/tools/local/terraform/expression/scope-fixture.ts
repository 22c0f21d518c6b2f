import { UndeclaredError } from '#local/terraform/addressed-error.ts';
import { evaluateExpression } from '#local/terraform/expression/evaluate-expression.ts';
import type { Scope } from '#local/terraform/expression/scope.ts';
import { parseTemplate } from '#local/terraform/expression/syntax/read-expression.ts';
import { fromBlockJson, fromJson, toJson } from '#local/terraform/expression/value/json.ts';
import { type Json, Placeholder, type Value } from '#local/terraform/expression/value/value.ts';

/** Names and what they mean: JSON, or a placeholder. */
export type Names = Readonly<Record<string, Json | Placeholder>>;

/** A scope of names with fixed values. */
export function scopeOf(names: Names = {}, folder = '/app'): Scope {
  return {
    folder,
    resolve(name) {
      const value = Object.hasOwn(names, name) ? names[name] : undefined;
      if (value === undefined) throw new UndeclaredError(`refers to ${name}, which the test doesn't declare`);
      return { value: value instanceof Placeholder ? value : fromJson(value), applied: 0 };
    },
  };
}

/** The same names, whose objects are blocks of a resource. */
export function scopeOfBlocks(names: Readonly<Record<string, Json>>): Scope {
  const scope = scopeOf(names);
  return { ...scope, resolve: (name) => ({ value: fromBlockJson(names[name] ?? null), applied: 0 }) };
}

/** What a template gives, as a string of the JSON holds it. */
export function evaluated(template: string, scope: Scope): Value {
  return evaluateExpression(parseTemplate(template), scope);
}

/** Value of a template. */
export function render(template: string, names: Names = {}): Json {
  return toJson(evaluated(template, scopeOf(names)));
}

/** Value of an expression. */
export function resultOf(expression: string, names: Names = {}): Json {
  return render(`\${${expression}}`, names);
}
