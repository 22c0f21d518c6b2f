import { z } from 'zod';
import { errorReason } from '#functions/error-reason.ts';
import type { PolicyStatement } from '#local/model/model.ts';

const texts = z.union([z.array(z.string()), z.string().transform((text) => [text])]);
const conditionValues = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditions = z.record(
  z.string(),
  z.record(z.string(), z.union([z.array(conditionValues), conditionValues.transform((value) => [value])])),
);

/** `"*"`, or `{"AWS": "*"}` and the like. */
const principals = z.union([
  z.literal('*').transform(() => ['*']),
  z.record(z.string(), texts).transform((of) => Object.values(of).flat()),
]);

const statement = z
  .object({
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    /** Of a resource's policy. */
    Principal: principals.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: conditions.optional(),
  })
  .transform(
    (from): PolicyStatement => ({
      effect: from.Effect,
      actions: from.Action ?? [],
      ...(from.NotAction ? { notActions: from.NotAction } : {}),
      resources: from.Resource ?? [],
      ...(from.Principal ? { principals: from.Principal } : {}),
      ...(from.NotResource ? { notResources: from.NotResource } : {}),
      ...(from.Condition ? { conditions: from.Condition } : {}),
    }),
  );

const policyDocument = z.object({
  Statement: z.union([z.array(statement), statement.transform((single) => [single])]),
});

/**
 * An argument that holds a policy as JSON text; gives its statements.
 * Source: AWS IAM, "Grammar of the IAM JSON policy language".
 */
export const policyText = z.string().transform((text, context): readonly PolicyStatement[] => {
  try {
    const parsed = policyDocument.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data.Statement;
    context.addIssue({ code: 'custom', message: `is no policy document: ${z.prettifyError(parsed.error)}` });
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `is no JSON: ${errorReason(error)}`,
    });
  }
  return z.NEVER;
});
