import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AWS_PROVIDER_VERSIONS } from '#stacks/terraform/versions.ts';
import { run } from './run.ts';

/** One process for each that Terraform may run at the same time: a provider takes one configuration, and with it one region. */
const PLACES = ['primary', 'secondary', 'global'] as const;

/**
 * The AWS provider, started once instead of once per Terraform command: its start and its schema are most of what a plan of moto costs.
 * It is the same binary that Terraform installs, in the mode that providers are debugged in.
 *
 * Source: Terraform documentation, "Plugin Development", Debugging Providers.
 */
export class WarmProviders {
  readonly #processes: readonly ChildProcess[];

  private constructor(
    /** For `WARM_PROVIDERS` of terraform-for-emulator.sh. */
    readonly folder: string,
    processes: readonly ChildProcess[],
  ) {
    this.#processes = processes;
  }

  /** @param environment - of the account: a provider that runs already takes it from where it was started, not from Terraform */
  static async start(folder: string, environment: NodeJS.ProcessEnv): Promise<WarmProviders> {
    const binary = await install(join(folder, 'install'));
    // A provider that is configured a second time takes no bundle of certificates; moto speaks plain HTTP.
    const env = { ...process.env, ...environment, AWS_CA_BUNDLE: undefined, GOGC: '400' };
    const processes = PLACES.map(() => spawn(binary, ['-debug'], { env, stdio: ['ignore', 'pipe', 'ignore'] }));
    const providers = new WarmProviders(folder, processes);
    try {
      await Promise.all(
        PLACES.map(async (place, at) => writeFile(join(folder, place), await reattachment(processes[at]))),
      );
      return providers;
    } catch (error) {
      await providers.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const ends = this.#processes.filter(({ exitCode, pid }) => exitCode === null && pid !== undefined);
    await Promise.all(
      ends.map(async (child) => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
  }
}

/** Lets Terraform install the provider. @returns its executable */
async function install(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const aws = { source: 'hashicorp/aws', version: AWS_PROVIDER_VERSIONS };
  const configuration = { terraform: { required_providers: { aws } } };
  await writeFile(join(folder, 'main.tf.json'), JSON.stringify(configuration));
  const { exitCode, output } = await run('terraform', ['init', '-input=false', '-no-color'], folder, {});
  if (exitCode !== 0) throw new Error(`terraform init found no AWS provider:\n${output}`);
  return executable(join(folder, '.terraform/providers/registry.terraform.io/hashicorp/aws'));
}

/** In `VERSION/PLATFORM`, which one installation has one of. */
async function executable(folder: string): Promise<string> {
  const names = await readdir(folder);
  const found = names.find((name) => name.startsWith('terraform-provider-aws'));
  if (found !== undefined) return join(folder, found);
  const [only] = names;
  if (only === undefined) throw new Error('terraform init installed no AWS provider.');
  return executable(join(folder, only));
}

/** Waits until a provider says how Terraform reaches it. */
async function reattachment(child: ChildProcess | undefined): Promise<string> {
  if (!child?.stdout) throw new Error('The AWS provider was not started.');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, reattach] = /TF_REATTACH_PROVIDERS='(.+)'/.exec(line) ?? [];
    if (reattach === undefined) continue;
    child.stdout.resume();
    return reattach;
  }
  throw new Error('The AWS provider ended while it started.');
}
