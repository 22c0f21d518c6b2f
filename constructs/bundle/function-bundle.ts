import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type OutputFile } from 'esbuild';
import { credentialsFromEnvironment, unusedShapesDropped } from './bundle-plugins.ts';
import { keepBuild, keptBuildOf } from './kept-builds.ts';
import { SOURCE_MAPS, sourceMapOf } from './source-maps.ts';

/** A function's code, ready to be packed: one `index.js` whose handler is `index.handler`. */
export interface FunctionBundle {
  readonly name: string;
  /** Absolute path of the folder that holds `index.js` and nothing else. */
  readonly path: string;
  /** SHA-256 of `index.js`, hexadecimal. */
  readonly sha256: string;
  /** Size of `index.js`. */
  readonly bytes: number;
  /** Files that it is made of, and what those import without a use of it; relative to the project. */
  readonly inputs: readonly string[];
}

/** Of the project. */
export const bundleRoot = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(bundleRoot, 'node_modules/.cache/two-region-api/bundles');

/** How a handler becomes a bundle: CommonJS, because Lambda loads it faster than ES modules, with the SDK inside. */
export const bundleOptions = {
  absWorkingDir: bundleRoot,
  bundle: true,
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'silent',
  mainFields: ['module', 'main'],
  minify: true,
  platform: 'node',
  plugins: [credentialsFromEnvironment, unusedShapesDropped],
  target: 'node22',
} as const satisfies BuildOptions;

/**
 * Bundles the functions' handlers in one pass, if anything has changed since that was done last. Folders are named by content, so equal
 * sources give equal bytes and paths, and processes that bundle at the same time don't disturb each other.
 *
 * @param names - folders under `functions/`, each with a `handler.ts`
 * @returns one bundle per name
 * @throws BuildFailure of esbuild, whose message lists every error with file and line
 */
export async function bundleFunctions(names: readonly string[]): Promise<ReadonlyMap<string, FunctionBundle>> {
  const kept = await keptBuildOf(names);
  if (kept) return new Map(kept.map((bundle) => [bundle.name, bundle]));
  const began = Date.now();
  const { outputFiles, metafile } = await build(bundleBuild(names));
  const bundles = await storeBundles(names, { outputFiles, metafile });
  await keepBuild([...bundles.values()], began);
  return bundles;
}

/** One build of functions' bundles, for esbuild, with source maps that the bundles do not mention: those stay as they are deployed. */
export function bundleBuild(names: readonly string[]) {
  return {
    ...bundleOptions,
    entryPoints: Object.fromEntries(names.map((name) => [name, `./functions/${name}/handler.ts`])),
    outdir: SOURCE_MAPS,
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    metafile: true,
  } as const satisfies BuildOptions;
}

/** Keeps what {@link bundleBuild} made: a folder per bundle, its source map elsewhere. */
export async function storeBundles(
  names: readonly string[],
  { outputFiles, metafile }: { readonly outputFiles: readonly OutputFile[]; readonly metafile: Metafile },
): Promise<ReadonlyMap<string, FunctionBundle>> {
  const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
  const bundles = names.map(async (name): Promise<[string, FunctionBundle]> => {
    const content = contents.get(join(SOURCE_MAPS, `${name}.js`));
    if (content === undefined) throw new Error(`esbuild made no bundle of functions/${name}/handler.ts.`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const path = join(cache, sha256);
    const map = contents.get(join(SOURCE_MAPS, `${name}.js.map`));
    // Not known by the bundle's content: comments move positions.
    if (map) await storeFile(sourceMapOf(sha256), map);
    const file = join(path, 'index.js');
    const stored = await stat(file).catch(() => undefined);
    if (stored?.size !== content.byteLength) await storeFile(file, content);
    const inputs = filesBehind(`functions/${name}/handler.ts`, metafile);
    return [name, { name, path, sha256, bytes: content.byteLength, inputs }];
  });
  return new Map(await Promise.all(bundles));
}

/** All that a file imports, and that those import, itself included. */
function filesBehind(entry: string, { inputs }: Metafile): readonly string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, external } of inputs[file]?.imports ?? []) if (!external) found.add(path);
  }
  return [...found];
}

/** Writes beside the target's folder and renames, so that nobody ever sees half a file. */
export async function storeFile(file: string, content: Uint8Array): Promise<void> {
  await Promise.all([cache, join(file, '..')].map((folder) => mkdir(folder, { recursive: true })));
  const draft = join(cache, `${randomUUID()}.draft`);
  await writeFile(draft, content);
  await rename(draft, file);
}
