import type { CustomDomain } from '#local/model/api-model.ts';
import { readDomains } from '#local/model/domains.ts';
import { readHealthChecks } from '#local/model/health-checks.ts';
import type { HealthCheck } from '#local/model/model.ts';
import { ModelError } from '#local/model/model-error.ts';
import { ResourceReader } from '#local/model/resource-reader.ts';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import type { EvaluateOptions } from '#local/terraform/evaluation.ts';
import type { Stack } from '#local/terraform/stack.ts';

/** The variable by which a stack learns which environment receives live traffic. */
const TARGET_VARIABLE = 'target_env';

/** What a part makes of its target. */
export interface PartResources {
  /** With their AWS region. */
  readonly domains: readonly (CustomDomain & { readonly region: string })[];
  readonly healthChecks: readonly HealthCheck[];
}

/** The parts of a stage that know the target: the stacks that declare `target_env`. */
export interface TargetParts {
  /** Part → environment that it leads to at the start: `{ 'entry-primary': 'envA' }`. */
  readonly initial: Readonly<Record<string, string>>;
  /**
   * Evaluates one part as an apply with another `target_env` would. Of the other stacks only that is looked at which it refers to.
   *
   * @param targets - of every part
   * @throws EvaluationError, for an environment that the stack doesn't allow too; ModelError
   */
  evaluate(part: string, targets: Readonly<Record<string, string>>): PartResources;
}

/**
 * Finds the parts of a stage among its stacks. A part has its stack's name without the stage.
 *
 * @param options - what the stacks are evaluated with at the start
 */
export function findTargetParts(stage: string, stacks: readonly Stack[], options: EvaluateOptions): TargetParts {
  const partOf = ({ name }: Stack) => (name.startsWith(`${stage}-`) ? name.slice(stage.length + 1) : name);
  const knowing = stacks.filter(({ json }) => Object.hasOwn(json.variable, TARGET_VARIABLE));
  const initial = String(options.variables?.[TARGET_VARIABLE] ?? '');
  return {
    initial: Object.fromEntries(knowing.map((stack) => [partOf(stack), initial])),
    evaluate: (part, targets) => {
      const stackVariables = Object.fromEntries(
        knowing.map((stack) => [stack.name, { [TARGET_VARIABLE]: targets[partOf(stack)] ?? initial }]),
      );
      const only = knowing.filter((stack) => partOf(stack) === part).map(({ name }) => name);
      const reader = new ResourceReader(evaluateStacks(stacks, { ...options, stackVariables, only }).resources);
      const found = { domains: readDomains(reader), healthChecks: readHealthChecks(reader).healthChecks };
      if (reader.failures.length > 0) throw new ModelError(reader.failures);
      return found;
    },
  };
}
