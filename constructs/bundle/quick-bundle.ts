import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Message, type Plugin } from 'esbuild';
import { bundleOptions, bundleRoot, storeFile } from './function-bundle.ts';
import { SOURCE_MAPS, sourceMapOf } from './source-maps.ts';

/** A function's code with its packages in a file beside it, which need not be bundled again as long as the same of them is imported. */
export interface QuickBundle {
  /** Absolute path of the folder that holds `index.js` and `packages.js`, and nothing else. */
  readonly path: string;
  /** SHA-256 of both files, base64. */
  readonly sha256: string;
  /** Files of the project that it is made of, relative to it. */
  readonly inputs: readonly string[];
}

/** Package → the names that are imported of it: those that it must have, and those that a namespace may be asked for. */
type Imports = ReadonlyMap<string, ReadonlyMap<string, 'may' | 'must'>>;

const PACKAGES = './packages.js';

const quick = join(SOURCE_MAPS, '../quick');

/**
 * Bundles a handler in some 20 ms, where {@link bundleFunctions} takes ten times as long, most of it for the AWS SDK. It does the same, but is
 * not what is deployed.
 *
 * @param root - of the project. @default - this one
 * @returns undefined where it imports packages in another way than by names or as a namespace whose members it names
 * @throws BuildFailure of esbuild, for mistakes in the project's own files
 */
export async function quickBundle(name: string, root: string = bundleRoot): Promise<QuickBundle | undefined> {
  const own = {
    ...bundleOptions,
    absWorkingDir: root,
    entryPoints: { [name]: `./functions/${name}/handler.ts` },
    metafile: true,
    minify: false,
    outdir: SOURCE_MAPS,
    write: false,
  } as const satisfies BuildOptions;
  const outside = await build({ ...own, format: 'esm', packages: 'external', plugins: [], treeShaking: false });
  const output = Object.values(outside.metafile.outputs)[0];
  const imports = importsOf(outside.outputFiles[0]?.text ?? '', output?.imports ?? []);
  if (imports === undefined) return undefined;
  const packages = await packagesOf(imports, root).catch(() => undefined);
  const inside = await build({
    ...own,
    plugins: [packagesBeside(imports)],
    sourcemap: 'external',
    sourcesContent: false,
  }).catch(() => undefined);
  const [code, map] = ['.js', '.js.map'].map((end) =>
    inside?.outputFiles.find(({ path }) => path === join(SOURCE_MAPS, `${name}${end}`)),
  );
  // As it names what is not among the imports, or takes a package's namespace as a whole: that was not seen in the text.
  const isWhole = code !== undefined && !inside?.warnings.some(isUnseen) && !/\bpackage_\d+_exports\b/.test(code.text);
  if (!isWhole || packages === undefined) return undefined;
  const index = Buffer.from(code.contents);
  const sha256 = createHash('sha256').update('index.js').update(index).update('packages.js').update(packages).digest();
  const path = join(quick, sha256.toString('hex'));
  if (map) await storeFile(sourceMapOf(createHash('sha256').update(index).digest('hex')), map.contents);
  await Promise.all([storeFile(join(path, 'packages.js'), packages), storeFile(join(path, 'index.js'), index)]);
  return { path, sha256: sha256.toString('base64'), inputs: Object.keys(outside.metafile.inputs) };
}

/** Whether a name of a package is used that was not found. */
function isUnseen({ id, text }: Message): boolean {
  return id === 'import-is-undefined' && text.includes('package:package_');
}

/** `import * as z from "zod/mini";`, `import { a, b as c } from "…";`, `import "…";`, as esbuild writes them, one to a line or over several. */
const IMPORT = /^import (?:\* as ([\w$]+) from |\{([^}]*)\} from )?"([^"]+)";$/gm;

/**
 * @param text - an ES module that esbuild wrote
 * @param declared - its imports, by esbuild
 * @returns undefined where they are not all of the kinds that can be told by names
 */
function importsOf(
  text: string,
  declared: readonly { readonly path: string; readonly kind: string }[],
): Imports | undefined {
  const found = new Map<string, Map<string, 'may' | 'must'>>();
  const statements = [...text.matchAll(IMPORT)];
  if (statements.length !== declared.length || declared.some(({ kind }) => kind !== 'import-statement'))
    return undefined;
  for (const [, namespace, list, from = ''] of statements) {
    if (isBuiltin(from)) continue;
    const names = found.get(from) ?? new Map();
    found.set(from, names);
    for (const each of list?.split(',') ?? []) names.set(each.trim().split(' as ')[0] ?? '', 'must');
    if (namespace === undefined) continue;
    // More than it has is no harm: a word in a comment, say.
    const member = new RegExp(`(?<![\\w$.])${namespace.replaceAll('$', '\\$')}\\.([A-Za-z_$][\\w$]*)`, 'g');
    for (const [, name = ''] of text.matchAll(member)) names.set(name, names.get(name) ?? 'may');
  }
  const names = [...found.values()].flatMap((each) => [...each.keys()]);
  const isPlain = names.every((name) => name !== 'default' && /^[\w$]+$/.test(name));
  return isPlain ? new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1))) : undefined;
}

/** Puts modules in the packages' place that take the names out of {@link PACKAGES}. */
function packagesBeside(imports: Imports): Plugin {
  const specifiers = [...imports.keys()];
  return {
    name: 'packages-beside',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\/packages\.js$/, namespace: 'package' }, () => ({ path: PACKAGES, external: true }));
      onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
        const at = specifiers.indexOf(path);
        return kind === 'entry-point' || at < 0
          ? undefined
          : { path: `package_${at}`, namespace: 'package', pluginData: at };
      });
      onLoad({ filter: /^/, namespace: 'package' }, ({ pluginData }) => {
        const names = [...(imports.get(specifiers[pluginData] ?? '')?.keys() ?? [])];
        const members = names.map((name, each) => `const name_${each} = package_${pluginData}.${name};\n`).join('');
        const exported = names.map((name, each) => `name_${each} as ${name}`).join(', ');
        return { contents: `import { package_${pluginData} } from '${PACKAGES}';\n${members}export { ${exported} };` };
      });
    },
  };
}

/** What is imported of packages as one module, built or built before. @throws BuildFailure where a package has not what it must */
async function packagesOf(imports: Imports, root: string): Promise<Uint8Array> {
  const lines = [...imports].map(([from, names], at) => {
    const sorted = [...names].sort(([one], [other]) => (one < other ? -1 : 1));
    const must = sorted.flatMap(([name, kind], each) => (kind === 'must' ? [`${name} as must_${at}_${each}`] : []));
    const members = sorted.map(([name, kind], each) => {
      const of = kind === 'must' ? `must_${at}_${each}` : `all_${at}.${name}`;
      return `get ${name}() { return ${of}; }`;
    });
    const specifier = JSON.stringify(from);
    return `import { ${must.join(', ')} } from ${specifier};
import * as all_${at} from ${specifier};
export const package_${at} = { ${members.join(', ')} };`;
  });
  const contents = lines.join('\n');
  // npm writes it at the end of each installation.
  const installed = await stat(join(root, 'node_modules/.package-lock.json')).catch(() => undefined);
  const builder = await readFile(join(bundleRoot, 'constructs/bundle/bundle-plugins.ts'));
  const key = createHash('sha256').update(`${contents}\0${installed?.mtimeMs}\0`).update(builder).digest('hex');
  const file = join(quick, `${key}.js`);
  const known = await readFile(file).catch(() => undefined);
  if (known) return known;
  const { outputFiles } = await build({
    ...bundleOptions,
    absWorkingDir: root,
    stdin: { contents, resolveDir: root },
    outfile: file,
    write: false,
  });
  const built = outputFiles[0]?.contents ?? new Uint8Array();
  await storeFile(file, built);
  return built;
}
