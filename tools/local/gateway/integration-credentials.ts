import { isAllowed } from '#local/iam/policy/evaluate.ts';
import { CALLER } from '#local/model/api-model.ts';
import type { Role } from '#local/model/model.ts';
import type { Exchange } from './exchange.ts';
import { ACTION, type LambdaTarget } from './invoke-permission.ts';

/** Why an integration may not invoke its function, for a request; `undefined`: it may. */
export type CredentialsCheck = (exchange: Exchange) => string | undefined;

/**
 * Prepares the check of an integration's credentials, which decide instead of the function's own permissions: those of a role, or of whoever
 * calls.
 *
 * Source: Amazon API Gateway API, "Integration", `credentials`; API Gateway V2 API, "Integration", `CredentialsArn`.
 */
export function checkCredentials(
  credentials: string,
  { fn, qualifier }: LambdaTarget,
  roles: readonly Role[],
): CredentialsCheck {
  const resource = qualifier === '$LATEST' ? fn.arn : `${fn.arn}:${qualifier}`;
  const refusal = (who: string) => `${who} may not ${ACTION} on ${resource}: no statement of its policies allows it`;
  if (credentials === CALLER) {
    return ({ identity }) => {
      if (!identity) return `the integration's credentials are the caller's, but the route does not ask for AWS_IAM`;
      return identity.mayInvoke?.(resource) ? undefined : refusal(identity.userArn);
    };
  }
  const role = roles.find(({ arn }) => arn === credentials);
  if (!role) return () => `no stack makes the role of the integration's credentials, ${credentials}`;
  const cause = isAllowed(role.statements, ACTION, resource) ? undefined : refusal(`the role ${role.name}`);
  return () => cause;
}
