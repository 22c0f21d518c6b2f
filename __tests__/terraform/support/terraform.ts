import { join } from 'node:path';
import { type Run, run } from './run.ts';

export interface PlannedChange {
  readonly address: string;
  readonly actions: readonly string[];
  /** Top-level attributes that the change touches. */
  readonly attributes: readonly string[];
}

/** Terraform in the folders of one synthesis. */
export class Terraform {
  readonly #stacksFolder: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param stacksFolder - `<outdir>/stacks` */
  constructor(stacksFolder: string, environment: NodeJS.ProcessEnv) {
    this.#stacksFolder = stacksFolder;
    this.#environment = environment;
  }

  folder(stack: string): string {
    return join(this.#stacksFolder, stack);
  }

  async init(stack: string): Promise<void> {
    await this.#succeed(stack, ['init', '-input=false', '-no-color']);
  }

  async validate(stack: string): Promise<void> {
    await this.#succeed(stack, ['validate', '-no-color']);
  }

  async apply(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#succeed(stack, ['apply', '-auto-approve', '-input=false', '-no-color', ...asFlags(variables)]);
  }

  async destroy(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#succeed(stack, ['destroy', '-auto-approve', '-input=false', '-no-color', ...asFlags(variables)]);
  }

  /** A plan that is expected to fail; gives Terraform's words. */
  async failingPlan(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { exitCode, output } = await this.#run(stack, ['plan', '-input=false', '-no-color', ...asFlags(variables)]);
    if (exitCode === 0) throw new Error(`The plan of ${stack} was expected to fail:\n${output}`);
    return output;
  }

  /** Plans, and lists what would change in the managed resources. */
  async plan(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<readonly PlannedChange[]> {
    await this.#succeed(stack, ['plan', '-input=false', '-no-color', '-out=plan.bin', ...asFlags(variables)]);
    const { output } = await this.#succeed(stack, ['show', '-json', '-no-color', 'plan.bin']);
    const plan: PlanDocument = JSON.parse(output.slice(output.indexOf('{')));
    return (plan.resource_changes ?? [])
      .filter(({ mode, change }) => mode === 'managed' && !change.actions.includes('no-op'))
      .map(({ address, change }) => ({ address, actions: change.actions, attributes: changedAttributes(change) }));
  }

  #run(stack: string, args: readonly string[]): Promise<Run> {
    return run('terraform', args, this.folder(stack), this.#environment);
  }

  async #succeed(stack: string, args: readonly string[]): Promise<Run> {
    const result = await this.#run(stack, args);
    if (result.exitCode !== 0) throw new Error(`terraform ${args[0]} of ${stack} failed:\n${result.output}`);
    return result;
  }
}

interface PlanDocument {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: Change;
  }[];
}

interface Change {
  readonly actions: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

function changedAttributes({ before, after }: Change): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).sort();
}

function asFlags(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
}
