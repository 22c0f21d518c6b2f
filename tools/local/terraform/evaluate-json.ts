import { within } from './addressed-error.ts';
import { evaluateExpression } from './expression/evaluate-expression.ts';
import type { Scope } from './expression/scope.ts';
import { createTemplateParser, isLiteral } from './expression/syntax/read-expression.ts';
import { toText } from './expression/value/convert.ts';
import { fromJson, isJsonList } from './expression/value/json.ts';
import { normalText } from './expression/value/text.ts';
import { type Json, Mapping, Sequence, type Value } from './expression/value/value.ts';

/** Evaluates the templates in a part of the JSON; the path to a template that fails stands in the error. */
export type JsonEvaluator = (json: Json, scope: Scope) => Value;

/** @returns an evaluator that parses each text once */
export function createJsonEvaluator(): JsonEvaluator {
  const parse = createTemplateParser();
  const evaluateText = (text: string, scope: Scope) =>
    isLiteral(text) ? normalText(text) : evaluateExpression(parse(text), scope);
  const evaluate: JsonEvaluator = (json, scope) => {
    if (typeof json === 'string') return evaluateText(json, scope);
    if (json === null || typeof json !== 'object') return fromJson(json);
    if (isJsonList(json)) {
      return Sequence.tuple(json.map((item, position) => within(`[${position}]`, () => evaluate(item, scope))));
    }
    return Mapping.object(
      Object.entries(json).map(
        ([key, member]) => [toText(evaluateText(key, scope)), within(key, () => evaluate(member, scope))] as const,
      ),
    );
  };
  return evaluate;
}
