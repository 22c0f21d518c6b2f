import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { filesBelow, type PackedFile } from './content.ts';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dev: z.optional(z.boolean()), optional: z.optional(z.boolean()) })),
});

/** What compilers and debuggers read, a third of it all: types, source maps, and the description that jsii makes other languages of. */
const NOT_RUN = /(\.d\.[cm]?ts|\.map|^\.jsii)$/;

export interface Packages {
  readonly files: readonly PackedFile[];
  /** Packages of the lock file that are not installed. */
  readonly missing: readonly string[];
}

/** The packages that commands run with: those of package-lock.json, without the ones that only tests and linters need. */
export async function installedPackages(folder: string): Promise<Packages> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')));
  const needed = Object.entries(packages).filter(([path, { dev }]) => path.startsWith('node_modules/') && !dev);
  const files: PackedFile[] = [];
  const missing: string[] = [];
  for (const [path, { optional }] of needed) {
    if (existsSync(join(folder, path, 'package.json'))) {
      files.push(...(await filesBelow(join(folder, path), `${path}/`, isNotRun)));
    } else if (!optional) missing.push(path.slice('node_modules/'.length));
  }
  return { files: [...files, ...(await commandsOf(folder, files))], missing };
}

function isNotRun(name: string, isFolder: boolean): boolean {
  // Packages in packages stand in the lock file by themselves.
  return isFolder ? name === 'node_modules' : NOT_RUN.test(name);
}

/** What npx finds: links to what is packed. */
async function commandsOf(folder: string, packed: readonly PackedFile[]): Promise<readonly PackedFile[]> {
  const bin = join(folder, 'node_modules/.bin');
  const targets = new Set(await Promise.all(packed.filter(isScript).map(({ source }) => realpath(source))));
  const found = (await readdir(bin).catch(() => [])).map(async (name) => {
    const source = join(bin, name);
    const stats = await lstat(source);
    const isPacked = !stats.isSymbolicLink() || targets.has(await realpath(source).catch(() => ''));
    return isPacked ? [{ path: `node_modules/.bin/${name}`, source, bytes: stats.size }] : [];
  });
  return (await Promise.all(found)).flat();
}

function isScript({ path }: PackedFile): boolean {
  return /(^|\/)[^./]+$|\.[cm]?js$/.test(path);
}
