// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @typedef {typeof import('./program.ts')} Program */

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/two-region-api/program');
const sourceFolders = ['client', 'constructs', 'container', 'functions', 'stacks', 'tools'];
const dayMilliseconds = 86_400_000;

/**
 * The command line, compiled to one CommonJS module whenever a source has changed. Loaded that way every command starts in a third of the time
 * that a compiler in the module loader takes, and a synthesis takes half: cdktf and the provider's bindings are CommonJS, and an ES module's
 * import of them reads each file twice, source map included, to find its exports.
 *
 * @returns {Promise<Program>} rejected with esbuild's BuildFailure, which lists every error with file and line
 */
export async function compiledProgram() {
  const file = join(cache, `${sourcesKey()}.cjs`);
  if (!existsSync(file)) await compile(file);
  return createRequire(import.meta.url)(file);
}

/** Changes whenever a source's path, size or time of change does, or a dependency's version. */
function sourcesKey() {
  const key = createHash('sha256').update(process.version);
  for (const file of [join(root, 'package-lock.json'), ...sourceFolders.flatMap(sourcesIn)]) {
    const { size, mtimeMs } = statSync(file);
    key.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return key.digest('hex');
}

/** @param {string} folder */
function sourcesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name));
}

/** @param {string} file */
async function compile(file) {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: ['tools/operator/program.ts'],
    format: 'cjs',
    logLevel: 'silent',
    outfile: file,
    packages: 'external',
    platform: 'node',
    plugins: [ownUrls],
    sourcemap: 'linked',
    sourcesContent: false,
    target: 'node20',
    write: false,
  });
  // Its process would live as long as the command.
  await stop();
  mkdirSync(cache, { recursive: true });
  removeOld();
  // The source map comes first: whoever finds the code finds it, too. Each is written under another name, so that nobody sees half of it.
  for (const { path, contents } of outputFiles.toSorted((a, b) => b.path.length - a.path.length)) {
    const draft = `${path}.${randomUUID()}`;
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
}

function removeOld() {
  for (const name of readdirSync(cache)) {
    const file = join(cache, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > dayMilliseconds) rmSync(file, { force: true });
  }
}

/** Every source keeps its own `import.meta.url`, which CommonJS does not have. @type {import('esbuild').Plugin} */
const ownUrls = {
  name: 'own-urls',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};
