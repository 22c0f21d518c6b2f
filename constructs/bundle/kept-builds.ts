import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'node_modules/.cache/two-region-api/builds');

/** What says how a handler becomes a bundle, beside the files that a build reads. */
const BUILDERS = [
  'constructs/bundle/function-bundle.ts',
  'constructs/bundle/bundle-plugins.ts',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];

const bundle = z.object({
  name: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  inputs: z.array(z.string()).readonly(),
});
const keptBuild = z.object({ state: z.string(), bundles: z.array(bundle) });

type Bundles = readonly z.infer<typeof bundle>[];

/**
 * What a build of functions came to, if none of the files that it read has changed since, by size and time of change. To bundle them again
 * takes two seconds of processor time, to ask after a thousand files a hundredth of that.
 *
 * @param names - functions that were built together, in any order
 * @returns undefined where there was no such build, or a file that it read or wrote is another one now
 */
export async function keptBuildOf(names: readonly string[]): Promise<Bundles | undefined> {
  const { data: kept } = keptBuild.safeParse(await readJson(fileOf(names)));
  if (!kept || (await stateOf(kept.bundles)).digest !== kept.state) return undefined;
  const sizes = await Promise.all(kept.bundles.map(({ path }) => sizeOf(join(path, 'index.js'))));
  return kept.bundles.every(({ bytes }, index) => sizes[index] === bytes) ? kept.bundles : undefined;
}

/**
 * Keeps what a build came to, unless something that it read was saved after it began: nobody knows which of the two it read.
 *
 * @param began - milliseconds since 1970
 */
export async function keepBuild(bundles: Bundles, began: number): Promise<void> {
  const { digest, newest } = await stateOf(bundles);
  if (newest >= began) return;
  const file = fileOf(bundles.map(({ name }) => name));
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify({ state: digest, bundles }));
  await rename(draft, file);
}

/** @returns a digest of the sizes and times of change of all files that bundles are made of and by, and the last of those */
async function stateOf(bundles: Bundles): Promise<{ digest: string; newest: number }> {
  const files = [...new Set([...bundles.flatMap(({ inputs }) => inputs), ...BUILDERS])].sort();
  const found = await Promise.all(files.map((file) => stat(join(root, file)).catch(() => undefined)));
  const states = found.map((each, index) => `${files[index]}\0${each?.size}\0${each?.mtimeMs}\n`);
  return {
    digest: createHash('sha256').update(states.join('')).digest('hex'),
    newest: Math.max(...found.map((each) => each?.mtimeMs ?? 0)),
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Projects that share their packages keep their builds apart. */
function fileOf(names: readonly string[]): string {
  const key = createHash('sha256')
    .update([root, ...names.toSorted()].join('\0'))
    .digest('hex');
  return join(folder, `${key}.json`);
}
