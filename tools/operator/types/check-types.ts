import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';

/** Below the project's folder: what the last check found out. */
const FOLDER = '.two-region/types';

/** What a release is made of: the stacks, with all that they import, and the functions. Tests and tools are the linter's. */
const RELEASED = ['main.ts', 'functions/**/*.ts'];

const buildInfo = z.object({ fileNames: z.array(z.string()) });

interface CheckOptions {
  /** Ends the compiler. */
  readonly signal?: AbortSignal;
  /** Hears of its process. */
  readonly onStart?: (pid: number) => void;
}

/**
 * Finds mistakes of types in what a release is made of; synthesis bundles without a look at them. The compiler keeps in `.two-region/types` what
 * it knows, by content, so that it looks again at what has changed alone; where nothing has since a check without mistakes, it is not asked.
 *
 * @returns one line for each mistake: `functions/test/handler.ts(20,3): error TS2322: …`
 */
export async function findTypeErrors(directory: string, options: CheckOptions = {}): Promise<readonly string[]> {
  const folder = join(directory, FOLDER);
  const stamp = join(folder, 'checked');
  const before = await fingerprint(directory, folder);
  if (before !== undefined && before === (await readFile(stamp, 'utf8').catch(() => undefined))) return [];
  await mkdir(folder, { recursive: true });
  const project = join(folder, 'tsconfig.json');
  await writeFile(project, JSON.stringify(projectOf(directory, folder), null, 2));
  const mistakes = await compile(directory, project, options);
  const after = mistakes.length === 0 && !options.signal?.aborted ? await fingerprint(directory, folder) : undefined;
  if (after !== undefined) await writeFile(stamp, after);
  return mistakes;
}

function projectOf(directory: string, folder: string) {
  const up = relative(folder, directory);
  return {
    extends: join(up, 'tsconfig.json'),
    compilerOptions: { noEmit: true, incremental: true, tsBuildInfoFile: 'tsbuildinfo' },
    include: RELEASED.map((pattern) => join(up, pattern)),
    exclude: [],
  };
}

async function compile(
  directory: string,
  project: string,
  { signal, onStart }: CheckOptions,
): Promise<readonly string[]> {
  const compiler = join(directory, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [compiler, '--project', project, '--pretty', 'false'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(signal && { signal }),
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const [found, exitCode] = await Promise.all([
    text(child.stdout),
    new Promise<number>((resolveCode, reject) => {
      child.once('error', (error) => (error.name === 'AbortError' ? resolveCode(0) : reject(error)));
      child.once('close', (code) => resolveCode(code ?? 1));
    }),
  ]);
  if (exitCode === 0) return [];
  const lines = found.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`The compiler ended with exit code ${exitCode}.`];
}

/**
 * SHA-256 of everything that the last check read, and of the functions' files, as they are now.
 *
 * @returns undefined when there was no check, or one of its files is gone
 */
async function fingerprint(directory: string, folder: string): Promise<string | undefined> {
  try {
    const known = buildInfo.parse(JSON.parse(await readFile(join(folder, 'tsbuildinfo'), 'utf8')));
    const functions = await readdir(join(directory, 'functions'), { recursive: true });
    const files = [
      ...known.fileNames.map((file) => resolve(folder, file)),
      ...functions.filter((file) => file.endsWith('.ts')).map((file) => join(directory, 'functions', file)),
      ...['tsconfig.json', 'package.json', 'package-lock.json'].map((file) => join(directory, file)),
    ];
    const hash = createHash('sha256');
    for (const file of [...new Set(files)].sort()) hash.update(`\n${file}\n`).update(await readFile(file));
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
