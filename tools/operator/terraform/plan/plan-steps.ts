import type { Step } from '#operator/terraform/stack-order.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform, Variables } from '#operator/terraform/terraform.ts';
import { TerraformError } from '#operator/terraform/terraform-error.ts';
import { type Impact, impactOf } from './impact.ts';
import { type ChangeCounts, countChanges, type PlannedChange } from './planned-change.ts';

/** A change and what it would do beyond its own resource. */
export interface AssessedChange extends PlannedChange {
  readonly impact?: Impact;
}

/** What an apply of a stack would do. */
export interface PlannedStack {
  readonly stack: string;
  /**
   * `later`: it can't be planned before the stacks of `after` are applied. Before the first deploy everything that it declares is counted as added,
   * afterwards nothing is.
   */
  readonly outcome: 'changes' | 'failed' | 'later' | 'none';
  readonly counts: ChangeCounts;
  readonly changes: readonly AssessedChange[];
  /** Stacks with changes of their own that it reads from: their apply may change this plan. */
  readonly after: readonly string[];
  /** The plan as Terraform shows it, where it was asked for. */
  readonly details?: string;
  /** Why it failed, in Terraform's words. */
  readonly problem?: string;
}

export interface PlanOptions {
  readonly variablesOf: (stack: SynthesizedStack) => Variables;
  /** Environment that receives live traffic; `undefined` before the first deploy. */
  readonly live: string | undefined;
  /** @default false */
  readonly details?: boolean;
  readonly onPlanned?: (planned: PlannedStack) => void;
  /** Aborted: nothing else is planned. */
  readonly signal?: AbortSignal;
}

/** A stack's plan, and whether its state holds nothing yet, so that nobody can read outputs out of it. */
interface Planned {
  readonly planned: PlannedStack;
  readonly isNew: boolean;
}

const NONE: ChangeCounts = { add: 0, change: 0, replace: 0, destroy: 0 };

/**
 * Plans stacks step by step, those of a step at the same time. Nothing is applied, so a stack that reads from one that isn't there yet can't
 * be planned, and one that reads from a stack with changes is planned as things are now.
 *
 * @returns one entry per stack, in order; a stack that fails hides none of the others
 * @throws TerraformError when it was interrupted: half of the plans would look like all of them
 */
export async function planSteps(
  terraform: Terraform,
  steps: readonly Step[],
  options: PlanOptions,
): Promise<readonly PlannedStack[]> {
  const known = new Map<string, Planned>();
  for (const step of steps) {
    const entries = await Promise.all(step.map((stack) => planStack(terraform, stack, known, options)));
    if (options.signal?.aborted)
      throw new TerraformError('Interrupted before everything was planned. Nothing was changed.');
    for (const entry of entries) {
      known.set(entry.planned.stack, entry);
      options.onPlanned?.(entry.planned);
    }
  }
  return [...known.values()].map(({ planned }) => planned);
}

async function planStack(
  terraform: Terraform,
  stack: SynthesizedStack,
  known: ReadonlyMap<string, Planned>,
  options: PlanOptions,
): Promise<Planned> {
  const needed = stack.dependencies.flatMap((name) => known.get(name) ?? []);
  const after = needed.filter(({ planned }) => planned.outcome !== 'none').map(({ planned }) => planned.stack);
  const base = { stack: stack.name, counts: NONE, changes: [], after };
  // In a stage that serves traffic only what is new is all to be added: an entry exists, whatever environment it is to read from next.
  const counts = options.live === undefined ? { ...NONE, add: stack.resourceTypes.length } : NONE;
  const later: PlannedStack = { ...base, outcome: 'later', counts };
  if (needed.some(({ isNew }) => isNew)) return { planned: later, isNew: options.live === undefined };
  try {
    const plan = await terraform.plan(stack, options.variablesOf(stack));
    const changes = plan.changes.map((change) => {
      const impact = impactOf(change, stack, options.live);
      return impact === undefined ? change : { ...change, impact };
    });
    const details = options.details && !plan.isEmpty ? { details: await terraform.show(plan) } : {};
    const outcome = plan.isEmpty ? 'none' : 'changes';
    return { planned: { ...base, outcome, changes, counts: countChanges(changes), ...details }, isNew: plan.isNew };
  } catch (error) {
    if (!(error instanceof TerraformError)) throw error;
    // It may read an output that the changed stack doesn't have yet.
    if (after.length > 0) return { planned: { ...base, outcome: 'later' }, isNew: false };
    return { planned: { ...base, outcome: 'failed', problem: error.message }, isNew: false };
  }
}
