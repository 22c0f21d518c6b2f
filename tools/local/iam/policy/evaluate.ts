import type { PolicyStatement } from '#local/model/model.ts';
import { type ConditionContext, compileConditions } from './conditions.ts';
import { compileWildcard } from './wildcard.ts';

/** One action pattern on one resource pattern that a statement allows. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

export type Decision =
  /** With the grants that allow it. */
  | { readonly allowed: true; readonly grants: readonly Grant[] }
  | { readonly allowed: false; readonly reason: 'explicit-deny' | 'no-allow' };

export interface Policy {
  /** All that `Allow` statements name, whether or not they have conditions. */
  readonly grants: readonly Grant[];
  evaluate(action: string, resource: string, context?: ConditionContext): Decision;
}

interface Statement {
  readonly effect: PolicyStatement['effect'];
  readonly grants: readonly Grant[];
  /** `undefined`: the conditions can't be evaluated. */
  readonly applies: ReturnType<typeof compileConditions>;
  match(action: string, resource: string): readonly Grant[];
}

const NO_CONTEXT: ConditionContext = new Map();

/**
 * Compiles a role's statements. An explicit deny wins; what nothing allows is denied. A statement whose conditions can't be evaluated
 * doesn't allow, and does deny.
 *
 * Source: IAM User Guide, "Policy evaluation logic".
 */
export function compilePolicy(statements: readonly PolicyStatement[]): Policy {
  const compiled = statements.map(compileStatement);
  const allows = compiled.filter(({ effect }) => effect === 'Allow');
  const denies = compiled.filter(({ effect }) => effect === 'Deny');
  return {
    grants: allows.flatMap(({ grants }) => grants),
    evaluate: (action, resource, context = NO_CONTEXT) => {
      const denied = denies.some(
        ({ match, applies }) => match(action, resource).length > 0 && applies(context) !== false,
      );
      if (denied) return { allowed: false, reason: 'explicit-deny' };
      const grants = allows.flatMap(({ match, applies }) => {
        const matched = match(action, resource);
        return matched.length > 0 && applies(context) === true ? matched : [];
      });
      return grants.length > 0 ? { allowed: true, grants } : { allowed: false, reason: 'no-allow' };
    },
  };
}

/** Whether statements allow an action (`dynamodb:GetItem`, in any case) on a resource's ARN. */
export function isAllowed(
  statements: readonly PolicyStatement[],
  action: string,
  resource: string,
  context?: ConditionContext,
): boolean {
  return compilePolicy(statements).evaluate(action, resource, context).allowed;
}

function compileStatement(statement: PolicyStatement): Statement {
  const actions = compileElement(statement.actions, statement.notActions, true);
  const resources = compileElement(statement.resources, statement.notResources, false);
  const table = actions.map((action) =>
    resources.map((resource) => ({ action, resource, grant: { action: action.name, resource: resource.name } })),
  );
  const pairs = table.flat();
  return {
    effect: statement.effect,
    grants: pairs.map(({ grant }) => grant),
    applies: compileConditions(statement.conditions),
    match: (action, resource) => {
      const lower = action.toLowerCase();
      return pairs
        .filter((pair) => pair.action.matches(lower) && pair.resource.matches(resource))
        .map(({ grant }) => grant);
    },
  };
}

interface Pattern {
  /** As the policy has it; `all but …` for `NotAction` and `NotResource`. */
  readonly name: string;
  readonly matches: (text: string) => boolean;
}

function compileElement(
  names: readonly string[],
  notNames: readonly string[] | undefined,
  ignoreCase: boolean,
): readonly Pattern[] {
  const compile = (name: string): Pattern => ({
    name,
    matches: compileWildcard(ignoreCase ? name.toLowerCase() : name),
  });
  if (notNames === undefined) return names.map(compile);
  const excluded = notNames.map(compile);
  return [
    { name: `all but ${notNames.join(', ')}`, matches: (text) => !excluded.some(({ matches }) => matches(text)) },
  ];
}
