import { isAllowed } from '#local/iam/policy/evaluate.ts';
import type { PolicyDocument } from '#stacks/permissions/stage-policy.ts';

/**
 * Whether a policy allows a call, by the evaluator of the local runtime's IAM. A call whose resource the request does not tell is held against
 * each resource that the policy names for its action.
 */
export function isAllowedBy(
  { Statement }: PolicyDocument,
  { action, resource }: { readonly action: string; readonly resource: string },
): boolean {
  const statements = Statement.map(({ Action, Resource }) => ({
    effect: 'Allow' as const,
    actions: [...Action],
    resources: resource === '*' ? ['*'] : [...Resource],
  }));
  return isAllowed(statements, action, resource);
}
