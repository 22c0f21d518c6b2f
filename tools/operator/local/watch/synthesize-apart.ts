import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { synthesisSchema } from '#local/control/release-schema.ts';
import type { Synthesis } from '#local/runtime/load-model.ts';

const command = fileURLToPath(new URL('../../two-region.mjs', import.meta.url));

/**
 * Synthesizes a stage in a process of its own: this one has loaded the stacks' code as it was.
 *
 * @param signal - ends it
 * @throws Error with what it said
 */
export async function synthesizeApart(
  directory: string,
  stage: string,
  outdir: string,
  signal: AbortSignal,
): Promise<Synthesis> {
  const child = spawn(process.execPath, [command, '__synthesize', stage, outdir], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const [document, messages, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (exitCode !== 0) throw new Error(messages.trim());
  return synthesisSchema.parse(JSON.parse(document));
}
