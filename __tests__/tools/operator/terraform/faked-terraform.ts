import { readPlan } from '#operator/terraform/plan/planned-change.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan, Terraform, Variables } from '#operator/terraform/terraform.ts';
import { TerraformError } from '#operator/terraform/terraform-error.ts';

export interface FakedStack {
  /** `[type, actions]` of each planned change. @default - one resource is added */
  readonly changes?: readonly (readonly [type: string, ...actions: string[]])[];
  /** The state holds resources already. @default false */
  readonly exists?: boolean;
  readonly planFails?: string;
  readonly applyFails?: string;
  readonly destroyFails?: string;
  /** How often the apply fails. @default - always */
  readonly failures?: number;
}

/** Terraform without Terraform: remembers what it was asked for, in order. */
export class FakedTerraform implements Terraform {
  readonly applied: { readonly stack: string; readonly variables: Variables }[] = [];
  readonly planned: string[] = [];
  readonly destroyed: string[] = [];
  readonly #stacks: Readonly<Record<string, FakedStack>>;
  readonly #failed = new Map<string, number>();
  readonly #variables = new Map<string, Variables>();

  constructor(stacks: Readonly<Record<string, FakedStack>> = {}) {
    this.#stacks = stacks;
  }

  async plan(stack: SynthesizedStack, variables: Variables): Promise<StackPlan> {
    const { changes = [['aws_thing', 'create']], exists = false, planFails } = this.#stacks[stack.name] ?? {};
    this.planned.push(stack.name);
    if (planFails) throw new TerraformError(planFails);
    const declared = Object.entries(variables).filter(([name]) => stack.variables.includes(name));
    this.#variables.set(stack.name, Object.fromEntries(declared));
    const resource = (type: string, actions: readonly string[], at: number) => ({
      address: `${type}.r${at}`,
      mode: 'managed',
      type,
      change: {
        actions,
        before: actions.includes('create') && actions.length === 1 ? null : { stage_name: 'old' },
        after: actions.includes('delete') && actions.length === 1 ? null : { stage_name: 'new' },
      },
    });
    const resource_changes = changes.map(([type, ...actions], at) => resource(type, actions, at));
    const kept = exists ? [resource('aws_kept', ['no-op'], 0)] : [];
    const plan = readPlan(JSON.stringify({ resource_changes: [...kept, ...resource_changes] }));
    return { stack, file: '', isEmpty: changes.length === 0, ...plan };
  }

  async apply({ stack }: StackPlan): Promise<void> {
    const { applyFails, failures = Number.POSITIVE_INFINITY } = this.#stacks[stack.name] ?? {};
    const failed = this.#failed.get(stack.name) ?? 0;
    this.#failed.set(stack.name, failed + 1);
    if (applyFails && failed < failures) throw new TerraformError(applyFails);
    this.applied.push({ stack: stack.name, variables: this.#variables.get(stack.name) ?? {} });
  }

  async show({ stack }: StackPlan): Promise<string> {
    return `plan of ${stack.name}`;
  }

  async destroy(stack: SynthesizedStack): Promise<void> {
    const { destroyFails } = this.#stacks[stack.name] ?? {};
    if (destroyFails) throw new TerraformError(destroyFails);
    this.destroyed.push(stack.name);
  }

  async close(): Promise<void> {}
}
