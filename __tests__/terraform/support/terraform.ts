import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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
    await this.#succeed(stack, [
      'apply',
      '-auto-approve',
      '-input=false',
      '-no-color',
      '-parallelism=20',
      ...asFlags(variables),
    ]);
  }

  async destroy(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#succeed(stack, [
      'destroy',
      '-auto-approve',
      '-input=false',
      '-no-color',
      '-parallelism=20',
      ...asFlags(variables),
    ]);
  }

  /** A plan that is expected to fail; gives Terraform's words. */
  async failingPlan(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { exitCode, output } = await this.#run(stack, ['plan', '-input=false', '-no-color', ...asFlags(variables)]);
    if (exitCode === 0) throw new Error(`The plan of ${stack} was expected to fail:\n${output}`);
    return output;
  }

  /** Plans, and lists the managed resources and outputs that would change. */
  async plan(stack: string, variables: Readonly<Record<string, string>> = {}): Promise<readonly PlannedChange[]> {
    const flags = ['-input=false', '-no-color', '-detailed-exitcode', '-out=plan.bin', ...asFlags(variables)];
    const { exitCode, output: text } = await this.#run(stack, ['plan', ...flags]);
    if (exitCode === 0) return [];
    if (exitCode !== 2) throw new Error(`terraform plan of ${stack} failed:\n${text}`);
    const { stdout: output } = await this.#succeed(stack, ['show', '-json', '-no-color', 'plan.bin']);
    const plan: PlanDocument = JSON.parse(output);
    const outputs = Object.entries(plan.output_changes ?? {}).map(([name, change]) => ({
      address: `output.${name}`,
      change,
    }));
    const resources = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
    return [...resources, ...outputs]
      .filter(({ change }) => !change.actions.includes('no-op'))
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
  readonly output_changes?: Readonly<Record<string, Change>>;
}

interface Change {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

function changedAttributes({ before, after }: Change): string[] {
  const [old, planned] = [entriesOf(before), entriesOf(after)];
  const names = new Set([...old.keys(), ...planned.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(old.get(name), planned.get(name))).sort();
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function asFlags(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
}
