import { operations } from '#contract/index.ts';
import { tableWrite } from '#contract/writes.ts';
import type { StageContext } from '#stacks/context.ts';
import { functionRolePattern } from '#stacks/naming.ts';

/** Names of the roles that a drill on AWS may deny a table, as patterns: those of the functions whose operations write to one. */
export function drilledRoles(context: StageContext): readonly string[] {
  const names = operations.filter((operation) => tableWrite(operation) !== undefined).map((each) => each.function);
  return [...new Set(names)].map((name) => functionRolePattern(context, name));
}
