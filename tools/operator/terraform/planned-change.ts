import * as z from 'zod/mini';

export type ChangeAction = 'add' | 'change' | 'destroy' | 'replace';

/** What a plan would do to one resource. Values are not part of it: some are secret. */
export interface PlannedChange {
  /** `aws_lambda_alias.alias-user` */
  readonly address: string;
  /** `aws_lambda_alias` */
  readonly type: string;
  readonly action: ChangeAction;
  /** Names of the top-level attributes that differ, and those that are known only after the apply. */
  readonly attributes: readonly string[];
}

/** How many resources a plan would add, change, replace and destroy. */
export type ChangeCounts = Readonly<Record<ChangeAction, number>>;

const values = z.nullable(z.record(z.string(), z.unknown()));

const planSchema = z.object({
  prior_state: z.optional(z.object({ values: z.optional(z.unknown()) })),
  resource_changes: z.optional(
    z.array(
      z.object({
        address: z.string(),
        mode: z.string(),
        type: z.string(),
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
export function readPlan(json: string): { readonly changes: readonly PlannedChange[]; readonly isNew: boolean } {
  const plan = planSchema.parse(JSON.parse(json));
  const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  const changes = managed.flatMap(({ address, type, change }) => {
    const action = actionOf(change.actions);
    return action === undefined ? [] : [{ address, type, action, attributes: changedAttributes(change) }];
  });
  return { changes, isNew: managed.length > 0 && managed.every(({ change }) => change.before === null) };
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

function changedAttributes({ before, after, after_unknown: unknown }: Change): string[] {
  const pending = typeof unknown === 'object' && unknown !== null ? Object.keys(unknown) : [];
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...pending]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).sort();
}
