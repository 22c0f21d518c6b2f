import { z } from 'zod';
import { compilePolicy, type Decision } from '#local/iam/policy/evaluate.ts';
import { policyText } from '#local/model/iam/policy.ts';

/** What a Lambda authorizer said of a caller. It holds for every method that the caller's policy speaks of. */
export interface Verdict {
  /** `requestContext.authorizer`, all as texts: `principalId` and what the authorizer adds. */
  readonly context: Readonly<Record<string, string>>;
  /** Whether a method, by its ARN, may be called. */
  readonly decide: (methodArn: string) => Decision;
}

const value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'must be a text, a number or a bool: lists and objects are refused',
});

const output = z.object({
  principalId: z.string(),
  policyDocument: z
    .unknown()
    .transform((document) => JSON.stringify(document ?? null))
    .pipe(policyText),
  context: z.record(z.string(), value).nullish(),
});

/**
 * Reads what an authorizer's function returned.
 *
 * Source: Amazon API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer".
 *
 * @returns a sentence that says why it is no verdict
 */
export function readVerdict(returned: unknown): Verdict | string {
  const parsed = output.safeParse(returned);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`,
    );
    return `it returned no policy of a caller: ${problems.join('; ')}`;
  }
  const { principalId, policyDocument, context } = parsed.data;
  const policy = compilePolicy(policyDocument);
  return {
    context: {
      ...Object.fromEntries(Object.entries(context ?? {}).map(([name, each]) => [name, String(each)])),
      principalId,
    },
    decide: (methodArn) => policy.evaluate('execute-api:Invoke', methodArn),
  };
}
