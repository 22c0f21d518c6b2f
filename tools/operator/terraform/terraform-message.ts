import * as z from 'zod/mini';

const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning']),
  summary: z.string(),
  detail: z.optional(z.string()),
  address: z.optional(z.string()),
});

const hook = z.object({ resource: z.object({ addr: z.string() }), action: z.optional(z.string()) });

const plannedSchema = z.object({
  resource: z.object({ addr: z.string(), resource_type: z.string() }),
  action: z.string(),
});

const messageSchema = z.union([
  z.object({ type: z.literal('diagnostic'), diagnostic: diagnosticSchema }),
  z.object({ type: z.literal('planned_change'), change: plannedSchema }),
  // `action` is `read` for a data source, which is read with the same messages.
  // Every 10 s while a resource is waited for.
  z.object({
    type: z.literal('apply_progress'),
    hook: z.object({ resource: z.object({ addr: z.string() }), elapsed_seconds: z.number() }),
  }),
  z.object({ type: z.enum(['apply_complete', 'apply_errored', 'apply_start', 'refresh_complete']), hook }),
]);
export type TerraformMessage = z.infer<typeof messageSchema>;
export type Diagnostic = z.infer<typeof diagnosticSchema>;

/**
 * A line of `terraform plan -json` or `apply -json`.
 *
 * Source: Terraform documentation, "Machine-Readable UI".
 *
 * @returns undefined for messages that nobody here needs, and for what isn't JSON
 */
export function parseMessage(line: string): TerraformMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** A diagnostic in Terraform's own words. */
export function describeDiagnostic({ summary, detail, address }: Diagnostic): string {
  const where = address === undefined ? '' : ` (${address})`;
  return [`Error: ${summary}${where}`, ...(detail ? [detail] : [])].join('\n');
}
