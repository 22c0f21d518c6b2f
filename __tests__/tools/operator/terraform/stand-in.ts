import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';

/**
 * A command that stands in for Terraform: it writes its arguments to `calls` and does what `script` says.
 *
 * @param script - JavaScript; `args`, `say(message)` and `node:fs` as `fs` are at hand
 */
export async function standIn(script: string) {
  const directory = await mkdtemp(join(tmpdir(), 'two-region-stand-in-'));
  const binary = join(directory, 'terraform');
  const calls = join(directory, 'calls');
  const folder = join(directory, 'stack');
  await mkdir(folder);
  await writeFile(
    binary,
    `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const note = (text) => fs.appendFileSync(${JSON.stringify(calls)}, text + '\\n');
const say = (message) => console.log(JSON.stringify(message));
note(args.join(' '));
${script}`,
  );
  await chmod(binary, 0o755);
  const stack: SynthesizedStack = {
    id: 'dev-envA-primary',
    name: 'envA-primary',
    kind: 'envA',
    regionType: 'primary',
    folder,
    dependencies: [],
    variables: ['function_versions'],
    resourceTypes: ['aws_thing'],
  };
  return {
    binary,
    stack,
    calls: async () => (await readFile(calls, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    remove: () => rm(directory, { recursive: true }),
  };
}
