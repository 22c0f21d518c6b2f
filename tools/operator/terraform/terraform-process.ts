import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ProviderLog } from './provider-log.ts';
import { TerraformError, TerraformMissingError } from './terraform-error.ts';

export interface TerraformRun {
  /** The stack's folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted: the process gets one SIGINT and is waited for. */
  readonly signal?: AbortSignal;
  /** Hears each line of standard output as it comes. */
  readonly onLine: (line: string) => void;
  /** Takes each line of standard error that belongs to a log. @default - there is none */
  readonly log?: Pick<ProviderLog, 'end' | 'take'>;
}

export interface TerraformExit {
  /** 130 when a signal ended it. */
  readonly exitCode: number;
  readonly stderr: string;
}

/**
 * Runs Terraform to its end. It gets a process group of its own: Ctrl-C in a terminal reaches every process of the foreground group, and
 * together with the one passed on here Terraform would take that for the order to die at once.
 *
 * @throws TerraformMissingError
 */
export async function runTerraform(args: readonly string[], run: TerraformRun): Promise<TerraformExit> {
  if (run.signal?.aborted) throw new TerraformError('Interrupted before Terraform was started.');
  const binary = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const child = spawn(binary, args, {
    cwd: run.folder,
    env: run.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const interrupt = () => child.kill('SIGINT');
  run.signal?.addEventListener('abort', interrupt, { once: true });
  createInterface({ input: child.stdout }).on('line', run.onLine);
  const words: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!run.log?.take(line)) words.push(line);
  });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 130));
    });
    run.log?.end();
    return { exitCode, stderr: words.join('\n') };
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    // The same error says that there is no folder to run in.
    if (isMissing && !existsSync(run.folder)) {
      throw new TerraformError(
        `${run.folder} is gone: something removed the synthesized stacks meanwhile. Run the command again.`,
      );
    }
    throw isMissing ? new TerraformMissingError(binary, { cause }) : cause;
  } finally {
    run.signal?.removeEventListener('abort', interrupt);
  }
}
