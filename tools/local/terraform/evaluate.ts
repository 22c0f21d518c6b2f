import { AddressedError, EvaluationError } from './addressed-error.ts';
import { declareStack } from './declare-stack.ts';
import { createJsonEvaluator } from './evaluate-json.ts';
import type { EvaluateOptions, Evaluation } from './evaluation.ts';
import { toJson } from './expression/value/json.ts';
import { NULL } from './expression/value/value.ts';
import { LazyGraph } from './lazy-graph.ts';
import { RemoteStates } from './remote-state.ts';
import type { Stack } from './stack.ts';
import type { UnknownFunctions } from './stack-scope.ts';

/**
 * Resolves every reference within and across stacks, as an apply of all of them would.
 *
 * @throws EvaluationError with everything that fails, each with stack and address
 */
export function evaluateStacks(stacks: readonly Stack[], options: EvaluateOptions): Evaluation {
  const graph = new LazyGraph();
  const unknownFunctions: UnknownFunctions = new Map();
  const context = {
    graph,
    evaluate: createJsonEvaluator(),
    remoteStates: new RemoteStates(),
    options,
    told: new Map<string, string>(),
    unknownFunctions,
  };
  // Every stack is declared, as any may be referred to; nothing is computed by that.
  const declared = stacks
    .map((stack) => declareStack(stack, context))
    .filter(({ name }) => options.only?.includes(name) ?? true);
  for (const { checks } of declared) for (const check of checks) attempt(check);
  const instances = declared.flatMap(({ blocks }) => blocks).flatMap((block) => attempt(block) ?? []);
  const resources = instances
    .flatMap((instance) => attempt(instance) ?? [])
    .map(({ attributes: _, ...resource }) => resource);
  const outputs = Object.fromEntries(
    (options.types ? [] : declared).map((stack) => [
      stack.name,
      Object.fromEntries([...stack.outputs].map(([name, read]) => [name, toJson(attempt(read) ?? NULL)])),
    ]),
  );
  if (graph.failures.length > 0) throw new EvaluationError(graph.failures);
  return { resources, outputs, unknownFunctions: [...unknownFunctions.values()] };
}

/** @returns undefined when the step fails; the graph keeps the failure */
function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof AddressedError) return undefined;
    throw error;
  }
}
