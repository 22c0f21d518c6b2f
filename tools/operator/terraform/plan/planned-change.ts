import * as z from 'zod/mini';
import type { TerraformMessage } from '#operator/terraform/terraform-message.ts';

export type ChangeAction = 'add' | 'change' | 'destroy' | 'replace';

/** What a plan would do to one resource. Values are not part of it: some are secret. */
export interface PlannedChange {
  /** `aws_lambda_alias.alias-user` */
  readonly address: string;
  /** `aws_lambda_alias` */
  readonly type: string;
  readonly action: ChangeAction;
  /** Of a change or replacement: names of the top-level attributes that differ, and those that are known only after the apply. */
  readonly attributes: readonly string[];
  /** Of a replacement: it was never made whole, as an apply that ended early or failed leaves things, or `terraform taint` was asked for it. */
  readonly isTainted?: true;
}

/** How many resources a plan would add, change, replace and destroy. */
export type ChangeCounts = Readonly<Record<ChangeAction, number>>;

/** What a plan says, short of values. */
export interface PlannedChanges {
  readonly changes: readonly PlannedChange[];
  /** The stack's state holds nothing yet. */
  readonly isNew: boolean;
}

const values = z.nullable(z.record(z.string(), z.unknown()));

const planSchema = z.object({
  prior_state: z.optional(z.object({ values: z.optional(z.unknown()) })),
  resource_changes: z.optional(
    z.array(
      z.object({
        address: z.string(),
        mode: z.string(),
        type: z.string(),
        action_reason: z.optional(z.string()),
        change: z.object({
          actions: z.array(z.string()),
          before: values,
          after: values,
          after_unknown: z.optional(z.unknown()),
        }),
      }),
    ),
  ),
});
type Change = NonNullable<z.infer<typeof planSchema>['resource_changes']>[number]['change'];

/**
 * Reads a plan: what it would do to the managed resources.
 *
 * Source: Terraform documentation, "JSON Output Format", Plan Representation and Change Representation.
 *
 * @param json - output of `terraform show -json PLAN`
 */
export function readPlan(json: string): PlannedChanges {
  const plan = planSchema.parse(JSON.parse(json));
  const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  const changes = managed.flatMap(({ address, type, action_reason: reason, change }): PlannedChange[] => {
    const action = actionOf(change.actions);
    if (action === undefined) return [];
    const attributes = isInPlace(action) ? changedAttributes(change) : [];
    return [{ address, type, action, attributes, ...(reason === 'replace_because_tainted' && { isTainted: true }) }];
  });
  return { changes, isNew: managed.length > 0 && managed.every(({ change }) => change.before === null) };
}

/**
 * Reads a plan out of what Terraform said while it planned, where that tells all: a plan that only adds. It saves starting Terraform, and the
 * provider with it, once more.
 *
 * Source: Terraform documentation, "Machine-Readable UI", Planned Change.
 *
 * @returns undefined for a plan that does anything else
 */
export function readAdditions(messages: readonly TerraformMessage[]): PlannedChanges | undefined {
  const planned = messages.flatMap((message) => (message.type === 'planned_change' ? [message.change] : []));
  const changes = planned.filter(({ action }) => action !== 'read');
  if (!changes.every(({ action }) => action === 'create')) return undefined;
  const exists = messages.some(({ type }) => type === 'refresh_complete');
  return {
    changes: changes.map(({ resource }) => ({
      address: resource.addr,
      type: resource.resource_type,
      action: 'add',
      attributes: [],
    })),
    isNew: changes.length > 0 && !exists,
  };
}

/** `change aws_lambda_alias.alias-user (function_version)` */
export function describePlannedChange({ action, address, attributes }: PlannedChange): string {
  return attributes.length === 0 ? `${action} ${address}` : `${action} ${address} (${attributes.join(', ')})`;
}

/** Counts a plan's changes. */
export function countChanges(changes: readonly PlannedChange[]): ChangeCounts {
  const count = (wanted: ChangeAction) => changes.filter(({ action }) => action === wanted).length;
  return { add: count('add'), change: count('change'), replace: count('replace'), destroy: count('destroy') };
}

function actionOf(actions: readonly string[]): ChangeAction | undefined {
  const creates = actions.includes('create');
  const deletes = actions.includes('delete');
  if (creates && deletes) return 'replace';
  if (creates) return 'add';
  if (deletes) return 'destroy';
  return actions.includes('update') ? 'change' : undefined;
}

function isInPlace(action: ChangeAction): boolean {
  return action === 'change' || action === 'replace';
}

function changedAttributes({ before, after, after_unknown: unknown }: Change): string[] {
  const pending = typeof unknown === 'object' && unknown !== null ? Object.keys(unknown) : [];
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...pending]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).sort();
}
