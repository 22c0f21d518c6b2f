import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { LambdaFunction, LambdaPermission } from '#local/model/model.ts';

/** The function, at an alias or version, that an integration invokes. */
export interface LambdaTarget {
  readonly fn: LambdaFunction;
  /** An alias, a version's number or `$LATEST`. */
  readonly qualifier: string;
}

const PRINCIPAL = 'apigateway.amazonaws.com';
export const ACTION = 'lambda:InvokeFunction';

/** Whether a permission is for API Gateway and for invocations, wherever they come from. */
export function mayInvoke({ principal, action }: LambdaPermission): boolean {
  return [PRINCIPAL, '*'].includes(principal) && [ACTION, 'lambda:*', '*'].includes(action);
}

/**
 * Checks the function's resource-based policy for the alias that is invoked: a permission for the function or for another alias doesn't count.
 *
 * Source: AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"; API Gateway Developer Guide, "API Gateway
 * permissions model for invoking an API".
 *
 * @param sourceArn - `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<resource path>`
 * @returns `undefined` when API Gateway may invoke it, else a sentence that says which permission is missing
 */
export function missingPermission({ fn, qualifier }: LambdaTarget, sourceArn: string): string | undefined {
  const wanted = qualifier === '$LATEST' ? undefined : qualifier;
  const granted = fn.permissions.some(
    (permission) =>
      permission.qualifier === wanted &&
      mayInvoke(permission) &&
      (permission.sourceArn === undefined || compileWildcard(permission.sourceArn)(sourceArn)),
  );
  if (granted) return undefined;
  const alias = wanted === undefined ? 'the function itself (no qualifier)' : `the alias "${wanted}"`;
  const near = fn.permissions
    .filter((permission) => permission.qualifier === wanted)
    .map((permission) => permission.sourceArn ?? 'any source');
  const has = near.length > 0 ? `It has permissions for ${near.join(', ')}` : 'It has none';
  return `API Gateway may not invoke ${fn.name}: ${alias} has no permission for principal ${PRINCIPAL}, action ${ACTION}, source ARN ${sourceArn}. ${has}; add an aws_lambda_permission.`;
}
