import { z } from 'zod';
import type { PolicyStatement, Role } from '#local/model/model.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { blocks } from '#local/terraform/block-schema.ts';
import { managedPolicies } from './managed-policies.ts';
import { policyText } from './policy.ts';

const role = z.object({
  name: z.string(),
  arn: z.string(),
  inline_policy: blocks(z.object({ policy: policyText.optional() })),
  managed_policy_arns: z.array(z.string()).default([]),
});
const rolePolicy = z.object({ role: z.string(), policy: policyText });
const policy = z.object({ arn: z.string(), policy: policyText });
const attachment = z.object({ role: z.string(), policy_arn: z.string() });

/**
 * Roles with the statements of their inline and attached policies. A role belongs to the whole account; `region` is where its stack is
 * applied. An attached policy that AWS manages and that isn't known stays unserved: it allows nothing.
 */
export function readRoles(reader: ResourceReader): readonly (Role & { readonly region: string })[] {
  const inline = reader.managed('aws_iam_role_policy', rolePolicy);
  const attachments = reader.managed('aws_iam_role_policy_attachment', attachment);
  const policies = new Map<string, readonly PolicyStatement[]>([
    ...Object.entries(managedPolicies),
    ...reader.managed('aws_iam_policy', policy).map(({ values }) => [values.arn, values.policy] as const),
  ]);
  for (const one of attachments) if (!policies.has(one.values.policy_arn)) reader.leaveUnserved(one);
  return reader.managed('aws_iam_role', role).map(({ region, values }) => {
    const attached = attachments.filter((one) => one.values.role === values.name).map((one) => one.values.policy_arn);
    return {
      region,
      name: values.name,
      arn: values.arn,
      statements: [
        ...values.inline_policy.flatMap((block) => block.policy ?? []),
        ...inline.filter((one) => one.values.role === values.name).flatMap((one) => one.values.policy),
        ...[...values.managed_policy_arns, ...attached].flatMap((arn) => policies.get(arn) ?? []),
      ],
    };
  });
}
