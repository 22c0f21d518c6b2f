import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import type { StageContext } from '#stacks/context.ts';
import { readProviderLock } from '#stacks/terraform/provider-lock.ts';

/** What a synthesis is made of, beside its settings: all that is in these folders, and these files. */
const FOLDERS = ['client', 'constructs', 'container', 'functions', 'stacks', 'tools/operator/terraform'];
const FILES = ['package-lock.json', 'package.json', 'tsconfig.json'];

const DAY_MILLISECONDS = 86_400_000;
const STACKS = 'stacks.json';

const stacksSchema = z.array(z.object({ name: z.string(), synthesizedStackPath: z.string() }));

/** The stacks of a synthesis; paths are relative to its folder. */
export type Stacks = z.infer<typeof stacksSchema>;

/** The project whose code synthesizes. */
const OWN_ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Synthesizes, or copies what the same settings and the same code came to before: a start of the local runtime then loads neither cdktf nor the
 * bundler, which took most of it. Code is the same as long as the sizes and times of change of its files are, as make has it; what is kept and not
 * used for a day goes.
 *
 * @param outdir - exists
 * @param make - writes into `outdir`
 * @param root - of the code. @default - this project's
 */
export async function keptSynthesis(
  context: StageContext,
  outdir: string,
  make: () => Promise<Stacks>,
  root = OWN_ROOT,
): Promise<Stacks> {
  const began = Date.now();
  const cache = join(root, 'node_modules/.cache/two-region-api/syntheses');
  const before = await stateOf(root);
  const lock = await readProviderLock(process.cwd());
  const cdktf = Object.entries(process.env).filter(([name]) => name.startsWith('CDKTF_'));
  const key = JSON.stringify([root, process.version, context, lock, cdktf.sort(), before.digest]);
  const kept = join(cache, createHash('sha256').update(key).digest('hex'));
  const known = await readKept(kept);
  if (known) {
    await rm(join(outdir, 'stacks'), { recursive: true, force: true });
    await cp(join(kept, 'synthesis'), outdir, { recursive: true });
    return known;
  }
  const stacks = await make();
  // What was saved meanwhile may be in it, or not.
  if (before.newest < began && (await stateOf(root)).digest === before.digest) await keep(kept, outdir, stacks);
  return stacks;
}

async function readKept(kept: string): Promise<Stacks | undefined> {
  try {
    const stacks = stacksSchema.parse(JSON.parse(await readFile(join(kept, STACKS), 'utf8')));
    await utimes(kept, new Date(), new Date());
    return stacks;
  } catch {
    return undefined;
  }
}

/** Under another name first, so that nobody sees half of it. */
async function keep(kept: string, outdir: string, stacks: Stacks): Promise<void> {
  const cache = dirname(kept);
  await mkdir(cache, { recursive: true });
  await removeUnused(cache);
  const draft = `${kept}.${randomUUID()}`;
  await cp(outdir, join(draft, 'synthesis'), { recursive: true });
  await writeFile(join(draft, STACKS), JSON.stringify(stacks));
  // Another process may have been first: what it made is the same.
  await rename(draft, kept).catch(() => rm(draft, { recursive: true }));
}

async function removeUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = join(cache, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > DAY_MILLISECONDS) await rm(folder, { recursive: true, force: true });
  }
}

/** @returns a digest of the paths, sizes and times of change of all code, and the last of those times */
async function stateOf(root: string): Promise<{ readonly digest: string; readonly newest: number }> {
  const inFolders = FOLDERS.map(async (folder) => {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  });
  const files = [...(await Promise.all(inFolders)).flat(), ...FILES.map((file) => join(root, file))].sort();
  // An editor's may be gone again.
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  const states = found.map((each, index) => `${files[index]}\0${each?.size}\0${each?.mtimeMs}\n`);
  return {
    digest: createHash('sha256').update(states.join('')).digest('hex'),
    newest: Math.max(...found.map((each) => each?.mtimeMs ?? 0)),
  };
}
