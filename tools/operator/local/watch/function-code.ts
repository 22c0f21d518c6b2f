import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildContext, build, context, stop } from 'esbuild';
import { bundleBuild, bundleFunctions, storeBundles } from '#constructs/bundle/function-bundle.ts';
import type { Service } from '#local/http/listen.ts';
import type { FunctionCode } from '#local/release/releases.ts';

/** The functions' code, built again as its files are saved. */
export interface FunctionBuilder extends Service {
  /** Functions whose code is made of any of the files. */
  using(paths: readonly string[]): readonly string[];
  /** Whether stacks are made of any of the files. */
  inStacks(paths: readonly string[]): boolean;
  /** Finds anew what functions and stacks are made of. @throws BuildFailure of esbuild */
  learn(): Promise<void>;
  /** @returns function of the contract → its code @throws BuildFailure of esbuild, with file and line of every mistake */
  build(names: readonly string[]): Promise<ReadonlyMap<string, FunctionCode>>;
}

/** Builds the functions of a project. What was built before is built again in a fraction of the time. */
export function functionBuilder(directory: string): FunctionBuilder {
  const contexts = new Map<string, Promise<BuildContext<ReturnType<typeof bundleBuild>>>>();
  /** File → functions. */
  let users = new Map<string, Set<string>>();
  let stackFiles = new Set<string>();

  const remember = (name: string, inputs: readonly string[]) => {
    for (const names of users.values()) names.delete(name);
    for (const file of inputs) users.set(file, (users.get(file) ?? new Set()).add(name));
  };
  const contextOf = (name: string) => {
    const known = contexts.get(name) ?? context(bundleBuild([name]));
    contexts.set(name, known);
    return known;
  };
  const buildOne = async (name: string): Promise<readonly [string, FunctionCode]> => {
    const bundle = (await storeBundles([name], await (await contextOf(name)).rebuild())).get(name);
    remember(name, bundle?.inputs ?? []);
    const source = join(bundle?.path ?? '', 'index.js');
    return [name, { source, codeSha256: packageHash(await readFile(source)) }];
  };
  return {
    using: (paths) => [...new Set(paths.flatMap((path) => [...(users.get(path) ?? [])]))].sort(),
    inStacks: (paths) => paths.some((path) => stackFiles.has(path)),
    learn: async () => {
      // The synthesis before has built them.
      const bundles = await bundleFunctions(await handlers(directory));
      users = new Map();
      for (const { name, inputs } of bundles.values()) remember(name, inputs);
      const { metafile } = await build({
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
      });
      // Its process holds well over 100 MB; it is started again by the first save.
      if (contexts.size === 0) await stop();
      stackFiles = new Set([...Object.keys(metafile.inputs), 'settings.conf', 'package-lock.json']);
    },
    build: async (names) => new Map(await Promise.all(names.map(buildOne))),
    close: async () => {
      for (const each of contexts.values()) await (await each).dispose();
      await stop();
    },
  };
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
