import type { Operation } from '#contract/operation.ts';
import type { Access } from '#functions/environment.ts';

/** What the service reads besides what its operations do. */
export const SERVICE_ACCESS = { API_KEYS_PARAMETER: ['ssm:GetParameter'] } as const satisfies Access;

/** The operations that are marked `container`. @throws Error naming those that only a gateway can serve */
export function containerOperations(operations: readonly Operation[]): readonly Operation[] {
  const marked = operations.filter(({ container }) => container);
  const signed = marked
    .filter(({ auth }) => auth === 'iam' || auth === 'jwt' || auth === 'authorizer')
    .map(({ id }) => id);
  if (signed.length > 0) {
    throw new Error(
      `The container API cannot serve ${signed.join(', ')}: nothing behind a load balancer checks a signature or a token. ` +
        "Give them the auth 'apiKey' or 'open', or do not mark them `container`.",
    );
  }
  return marked;
}
