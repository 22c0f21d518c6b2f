import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { bundleBuild, bundleFunctions, type FunctionBundle, storeBundles } from '#constructs/bundle/function-bundle.ts';
import { quickBundle } from '#constructs/bundle/quick-bundle.ts';
import type { Service } from '#local/http/listen.ts';
import type { FunctionCode } from '#local/release/releases.ts';

/** The functions' code, built again as its files are saved. */
export interface FunctionBuilder extends Service {
  /** Functions whose code is made of any of the files. */
  using(paths: readonly string[]): readonly string[];
  /** Whether stacks are made of any of the files. */
  inStacks(paths: readonly string[]): boolean;
  /** Finds anew what functions and stacks are made of. @returns the functions' code, as a synthesis bundles it @throws BuildFailure of esbuild */
  learn(): Promise<ReadonlyMap<string, FunctionCode>>;
  /**
   * As fast as may be: the packages that functions import are not bundled again with them.
   *
   * @returns function of the contract → its code @throws BuildFailure of esbuild, with file and line of every mistake
   */
  build(names: readonly string[]): Promise<ReadonlyMap<string, FunctionCode>>;
  /** The same as a synthesis bundles it. */
  buildAsDeployed(names: readonly string[]): Promise<ReadonlyMap<string, FunctionCode>>;
}

/** Builds the functions of a project. */
export function functionBuilder(directory: string): FunctionBuilder {
  const esbuild = esbuildProcess();
  /** File → functions. */
  let users = new Map<string, Set<string>>();
  let stackFiles = new Set<string>();

  const remember = (name: string, inputs: readonly string[]) => {
    for (const names of users.values()) names.delete(name);
    for (const file of inputs) users.set(file, (users.get(file) ?? new Set()).add(name));
  };
  const learned = async (bundles: ReadonlyMap<string, FunctionBundle>): Promise<ReadonlyMap<string, FunctionCode>> => {
    for (const { name, inputs } of bundles.values()) remember(name, inputs);
    const code = [...bundles.values()].map(async ({ name, path }) => {
      const source = join(path, 'index.js');
      return [name, { source, codeSha256: packageHash(await readFile(source)) }] as const;
    });
    return new Map(await Promise.all(code));
  };
  const buildAsDeployed = async (names: readonly string[]): Promise<ReadonlyMap<string, FunctionCode>> => {
    if (names.length === 0) return new Map();
    const bundles = await esbuild.heavy(async () => storeBundles(names, await build(bundleBuild(names))));
    return learned(bundles);
  };
  const buildQuickly = async (names: readonly string[]) => {
    const found = await esbuild.light(() =>
      Promise.all(names.map(async (name) => [name, await quickBundle(name)] as const)),
    );
    const code = await buildAsDeployed(found.flatMap(([name, bundle]) => (bundle === undefined ? [name] : [])));
    const quick = found.flatMap(([name, bundle]) => {
      if (bundle === undefined) return [];
      remember(name, bundle.inputs);
      return [[name, { source: bundle.path, codeSha256: bundle.sha256 }] as const];
    });
    return new Map([...code, ...quick]);
  };
  return {
    using: (paths) => [...new Set(paths.flatMap((path) => [...(users.get(path) ?? [])]))].sort(),
    inStacks: (paths) => paths.some((path) => stackFiles.has(path)),
    learn: async () => {
      // The synthesis before has built them.
      const bundles = await esbuild.heavy(async () => bundleFunctions(await handlers(directory)));
      users = new Map();
      const code = await learned(bundles);
      const { metafile } = await esbuild.heavy(() =>
        build({
          absWorkingDir: directory,
          bundle: true,
          entryPoints: ['main.ts'],
          format: 'esm',
          logLevel: 'silent',
          metafile: true,
          outdir: 'none',
          packages: 'external',
          platform: 'node',
          write: false,
        }),
      );
      stackFiles = new Set([...Object.keys(metafile.inputs), 'settings.conf', 'package-lock.json']);
      return code;
    },
    build: buildQuickly,
    buildAsDeployed,
    close: () => stop(),
  };
}

/** Ends esbuild's process, which holds well over 100 MB after a heavy build, when nobody uses it. The next build starts it again. */
function esbuildProcess() {
  let users = 0;
  let isLarge = false;
  const light = async <T>(work: () => Promise<T>): Promise<T> => {
    users += 1;
    try {
      return await work();
    } finally {
      users -= 1;
      if (users === 0 && isLarge) {
        isLarge = false;
        await stop();
      }
    }
  };
  const heavy = <T>(work: () => Promise<T>): Promise<T> =>
    light(() => {
      isLarge = true;
      return work();
    });
  return { light, heavy };
}

/** Folders below `functions` with a handler. */
async function handlers(directory: string): Promise<readonly string[]> {
  const folder = join(directory, 'functions');
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) =>
      access(join(folder, name, 'handler.ts')).then(
        () => [name],
        () => [],
      ),
    );
  return (await Promise.all(found)).flat();
}

/** As the runtime evaluates `archive_file`: of the name and the content that would be packed. Base64. */
function packageHash(content: Buffer): string {
  return createHash('sha256').update('index.js').update(content).digest('base64');
}
