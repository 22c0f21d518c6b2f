import { AddressedError, ExpressionError } from './addressed-error.ts';
import { declareStack } from './declare-stack.ts';
import { createJsonEvaluator } from './evaluate-json.ts';
import type { EvaluateOptions } from './evaluation.ts';
import { evaluateExpression } from './expression/evaluate-expression.ts';
import { printValue } from './expression/print-value.ts';
import { parseExpression } from './expression/syntax/read-expression.ts';
import { LazyGraph } from './lazy-graph.ts';
import { RemoteStates } from './remote-state.ts';
import type { Stack } from './stack.ts';
import type { UnknownFunctions } from './stack-scope.ts';

/** Answers expressions in the place of one stack. */
export interface Console {
  /** What `terraform console` would print of an expression, or why it refuses it. */
  ask(expression: string): { readonly printed: string } | { readonly refused: string };
}

/** @returns undefined where no stack has this name */
export function openConsole(stacks: readonly Stack[], name: string, options: EvaluateOptions): Console | undefined {
  const unknownFunctions: UnknownFunctions = new Map();
  const context = {
    graph: new LazyGraph(),
    evaluate: createJsonEvaluator(),
    remoteStates: new RemoteStates(),
    told: new Map<string, string>(),
    unknownFunctions,
    options,
  };
  const declared = stacks.map((stack) => declareStack(stack, context)).find((stack) => stack.name === name);
  if (!declared) return undefined;
  return {
    ask: (expression) => {
      try {
        return { printed: printValue(evaluateExpression(parseExpression(expression), declared.scope)) };
      } catch (error) {
        if (error instanceof ExpressionError || error instanceof AddressedError) return { refused: error.message };
        throw error;
      }
    },
  };
}
