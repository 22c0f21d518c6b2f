import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackProgress } from '#operator/cli/progress-view.ts';
import { readAdditions, readPlan } from './plan/planned-change.ts';
import { describeRefusal, ProviderLog, type Refusal } from './provider-log.ts';
import { declareNothing, type SynthesizedStack } from './synthesized-stack.ts';
import type { StackPlan, Terraform, Variables } from './terraform.ts';
import { TerraformError } from './terraform-error.ts';
import { describeDiagnostic, parseMessage, type TerraformMessage } from './terraform-message.ts';
import { runTerraform } from './terraform-process.ts';

export interface TerraformOptions {
  /** Aborted: Terraform ends what it has begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StackProgress) => void;
  /** Seconds to wait for somebody else's lock of a state. @default 60 */
  readonly lockTimeoutSeconds?: number | undefined;
}

/** Terraform's exit code for a plan with changes: documentation, "Command: plan", `-detailed-exitcode`. */
const PLAN_HAS_CHANGES = 2;

/** What takes longer is named: it may be a service that is slow, or one that refuses and is asked again in silence. */
const LONG_WAIT_SECONDS = 30;

/** Logs that a user has asked for are not taken away. Source: Terraform documentation, "Debugging Terraform". */
const LOGS = ['TF_LOG', 'TF_LOG_CORE', 'TF_LOG_PROVIDER', 'TF_LOG_PATH'] as const;

/** What hears of a command that speaks JSON. */
interface Listener {
  readonly onMessage: (message: TerraformMessage) => void;
  /** Hears what AWS refused and is asked again; the provider's log is read for it. @default - it is not */
  readonly onRefusal?: (refusal: Refusal) => void;
}

/** Opens Terraform. Nothing is started before a stack is asked for. */
export function openTerraform(options: TerraformOptions = {}): Terraform {
  return new InstalledTerraform(options);
}

/** One Terraform process per command in the stack's own folder. */
class InstalledTerraform implements Terraform {
  readonly #options: TerraformOptions;
  readonly #initialized = new Map<string, Promise<void>>();
  /** Of every initialization, the last: the plugin cache does not stand two at once. */
  #initializing: Promise<unknown> = Promise.resolve();
  #plans: Promise<string> | undefined;

  constructor(options: TerraformOptions) {
    this.#options = options;
  }

  async plan(stack: SynthesizedStack, variables: Variables): Promise<StackPlan> {
    await this.#initialize(stack);
    this.#options.onProgress?.({ stack: stack.name, doing: 'planning' });
    const file = join(await this.#planFolder(), `${stack.id}.tfplan`);
    const messages: TerraformMessage[] = [];
    const exitCode = await this.#run(
      stack,
      ['plan', '-json', '-detailed-exitcode', `-out=${file}`, ...this.#lock(), ...flags(stack, variables)],
      [0, PLAN_HAS_CHANGES],
      { onMessage: (message) => messages.push(message) },
    );
    if (exitCode === 0) return { stack, file, changes: [], isEmpty: true, isNew: false };
    const planned = readAdditions(messages) ?? readPlan(await this.#print(stack, ['show', '-json', file]));
    return { stack, file, isEmpty: false, ...planned };
  }

  async apply({ stack, file, changes }: StackPlan): Promise<void> {
    const total = changes.reduce((sum, { action }) => sum + (action === 'replace' ? 2 : 1), 0);
    await this.#run(stack, ['apply', '-json', ...this.#lock(), file], [0], this.#counting(stack, 'applying', total));
  }

  show({ stack, file }: StackPlan): Promise<string> {
    return this.#print(stack, ['show', '-no-color', file]);
  }

  async destroy(stack: SynthesizedStack): Promise<void> {
    await declareNothing(stack);
    await this.#initialize(stack);
    const total = stack.resourceTypes.length;
    const args = ['destroy', '-json', '-auto-approve', ...this.#lock()];
    await this.#run(stack, args, [0], this.#counting(stack, 'destroying', total));
  }

  async close(): Promise<void> {
    if (this.#plans) await rm(await this.#plans, { recursive: true, force: true });
  }

  #planFolder(): Promise<string> {
    this.#plans ??= mkdtemp(join(tmpdir(), 'two-region-plans-'));
    return this.#plans;
  }

  #lock(): string[] {
    return ['-input=false', '-no-color', `-lock-timeout=${this.#options.lockTimeoutSeconds ?? 60}s`];
  }

  #initialize(stack: SynthesizedStack): Promise<void> {
    const known = this.#initialized.get(stack.id);
    if (known) return known;
    const done = this.#initializing.then(async () => {
      this.#options.onProgress?.({ stack: stack.name, doing: 'initializing' });
      // The folder is generated, so a backend that was configured in it before says nothing.
      await this.#print(stack, ['init', '-reconfigure', '-input=false', '-no-color']);
    });
    this.#initializing = done.catch(() => this.#initialized.delete(stack.id));
    this.#initialized.set(stack.id, done);
    return done;
  }

  #counting(stack: SynthesizedStack, doing: StackProgress['doing'], total: number): Listener {
    let done = 0;
    const waits = new Map<string, number>();
    const refusals = new Map<string, { readonly last: Refusal; readonly times: number }>();
    const tell = () => {
      const [longest] = [...waits].sort(([, one], [, other]) => other - one);
      const refused = longest && refusals.get(longest[0].split('.')[0] ?? '');
      const reason = refused && { reason: describeRefusal(refused.last, refused.times) };
      const waiting = longest && { address: longest[0], seconds: longest[1], ...reason };
      this.#options.onProgress?.({ stack: stack.name, doing, done, total, ...(waiting && { waiting }) });
    };
    tell();
    const onRefusal = (last: Refusal) => {
      refusals.set(last.resourceType, { last, times: (refusals.get(last.resourceType)?.times ?? 0) + 1 });
    };
    const onMessage = (message: TerraformMessage) => {
      if (message.type === 'apply_progress') {
        const { resource, elapsed_seconds: seconds } = message.hook;
        if (seconds < LONG_WAIT_SECONDS) return;
        waits.set(resource.addr, seconds);
        return tell();
      }
      if (message.type === 'apply_complete' || message.type === 'apply_errored')
        waits.delete(message.hook.resource.addr);
      if (message.type !== 'apply_complete' || message.hook.action === 'read') return;
      done += 1;
      tell();
    };
    return { onMessage, onRefusal };
  }

  /** Runs a command that speaks JSON. @returns its exit code, one of `expected` */
  async #run(
    stack: SynthesizedStack,
    args: readonly string[],
    expected: readonly number[],
    { onMessage, onRefusal }: Listener,
  ): Promise<number> {
    const errors: string[] = [];
    const surroundings = await this.#surroundings(stack);
    const isLogged = onRefusal !== undefined && !LOGS.some((name) => surroundings.environment[name]);
    const { exitCode, stderr } = await runTerraform(args, {
      ...surroundings,
      ...(isLogged && {
        environment: { ...surroundings.environment, TF_LOG_PROVIDER: 'DEBUG' },
        log: new ProviderLog(onRefusal),
      }),
      onLine: (line) => {
        const message = parseMessage(line);
        if (message === undefined) return;
        onMessage(message);
        if (message.type !== 'diagnostic' || message.diagnostic.severity !== 'error') return;
        errors.push(describeDiagnostic(message.diagnostic));
      },
    });
    if (expected.includes(exitCode) && errors.length === 0) return exitCode;
    throw new TerraformError(errors.join('\n') || stderr.trim() || `terraform ${args[0]} ended with ${exitCode}.`);
  }

  /** Runs a command that speaks plain text. @returns its standard output */
  async #print(stack: SynthesizedStack, args: readonly string[]): Promise<string> {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    const { exitCode, stderr } = await runTerraform(args, { ...(await this.#surroundings(stack)), onLine });
    if (exitCode === 0) return lines.join('\n');
    throw new TerraformError(stderr.trim() || `terraform ${args[0]} ended with ${exitCode}.`);
  }

  async #surroundings({ folder }: SynthesizedStack) {
    const environment: NodeJS.ProcessEnv = { ...(await pluginCache()), ...process.env, TF_IN_AUTOMATION: '1' };
    return { folder, environment, ...(this.#options.signal && { signal: this.#options.signal }) };
  }
}

/**
 * Without a cache each stack's folder would get its own copy of the provider, over 700 MB. The folder is the one that cdktf uses.
 *
 * Source: Terraform documentation, "CLI Configuration", Provider Plugin Cache.
 */
export async function pluginCache(): Promise<NodeJS.ProcessEnv> {
  if (process.env.TF_PLUGIN_CACHE_DIR !== undefined || process.env.TF_CLI_CONFIG_FILE !== undefined) return {};
  const folder = join(homedir(), '.terraform.d', 'plugin-cache');
  await mkdir(folder, { recursive: true });
  // The folder's lock file is generated and thrown away with it.
  return { TF_PLUGIN_CACHE_DIR: folder, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true' };
}

function flags({ variables: declared }: SynthesizedStack, variables: Variables): string[] {
  return declared.flatMap((name) => (variables[name] === undefined ? [] : [`-var=${name}=${variables[name]}`]));
}
