import { within } from './addressed-error.ts';
import { toText } from './expression/convert.ts';
import { evaluateExpression } from './expression/evaluate-expression.ts';
import { createTemplateParser, isLiteral } from './expression/read-expression.ts';
import type { Scope } from './expression/scope.ts';
import { isList, type Json, type Value } from './expression/value.ts';

/** Evaluates the templates in a part of the JSON; the path to a template that fails stands in the error. */
export type JsonEvaluator = (json: Json, scope: Scope) => Value;

/** @returns an evaluator that parses each text once */
export function createJsonEvaluator(): JsonEvaluator {
  const parse = createTemplateParser();
  const evaluateText = (text: string, scope: Scope) =>
    isLiteral(text) ? text : evaluateExpression(parse(text), scope);
  const evaluate: JsonEvaluator = (json, scope) => {
    if (typeof json === 'string') return evaluateText(json, scope);
    if (json === null || typeof json !== 'object') return json;
    if (isList(json)) return json.map((item, position) => within(`[${position}]`, () => evaluate(item, scope)));
    return Object.fromEntries(
      Object.entries(json).map(([key, member]) => [
        toText(evaluateText(key, scope)),
        within(key, () => evaluate(member, scope)),
      ]),
    );
  };
  return evaluate;
}
