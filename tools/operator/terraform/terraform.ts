import type { PlannedChange } from './plan/planned-change.ts';
import type { SynthesizedStack } from './synthesized-stack.ts';

/** Values of a stack's Terraform variables, as they stand behind `-var name=`: a string, or JSON for maps. */
export type Variables = Readonly<Record<string, string>>;

/** What an apply would do to a stack. */
export interface StackPlan {
  readonly stack: SynthesizedStack;
  readonly changes: readonly PlannedChange[];
  /** Nothing to apply, not even an output. */
  readonly isEmpty: boolean;
  /** The stack's state holds nothing yet. */
  readonly isNew: boolean;
  /** The saved plan. It holds values of parameters: readable by its owner, deleted when Terraform is closed. */
  readonly file: string;
}

/** Terraform on one stack at a time; different stacks may be worked on at the same time. */
export interface Terraform {
  /**
   * Initializes the stack's folder and plans.
   *
   * @param variables - those that the stack doesn't declare are left out
   * @throws TerraformError with Terraform's own words
   */
  plan(stack: SynthesizedStack, variables: Variables): Promise<StackPlan>;
  /** Applies a saved plan, exactly. @throws TerraformError; the state holds what was done until then */
  apply(plan: StackPlan): Promise<void>;
  /** The plan as Terraform shows it to people, secrets masked. */
  show(plan: StackPlan): Promise<string>;
  /**
   * Destroys everything that the stack's state has, whatever its configuration says.
   *
   * @throws TerraformError; the state holds what is left
   */
  destroy(stack: SynthesizedStack): Promise<void>;
  /** Deletes the saved plans. */
  close(): Promise<void>;
}
