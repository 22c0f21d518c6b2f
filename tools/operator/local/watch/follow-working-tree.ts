import { errorReason } from '#functions/error-reason.ts';
import type { Service } from '#local/http/listen.ts';
import type { FunctionCode } from '#local/release/releases.ts';
import type { WorkingTree } from '#local/runtime/start-services.ts';
import { changeLine } from '#operator/deploy/describe-local-deploy.ts';
import { inReleaseFolder } from '#operator/deploy/release-folder.ts';
import { findTypeErrors } from '#operator/types/check-types.ts';
import { type CodeAsDeployed, codeAsDeployed } from './code-as-deployed.ts';
import { type FunctionBuilder, functionBuilder } from './function-code.ts';
import { watchSavedFiles } from './saved-files.ts';
import { synthesizeApart } from './synthesize-apart.ts';
import { typesBeside } from './types-beside.ts';

/** What a saved change came to. */
export type Reload =
  | {
      readonly outcome: 'served';
      readonly paths: readonly string[];
      readonly what: string;
      readonly milliseconds: number;
    }
  | { readonly outcome: 'refused'; readonly paths: readonly string[]; readonly why: string }
  | { readonly outcome: 'types'; readonly mistakes: readonly string[] };

export interface FollowOptions {
  /** Of the project. */
  readonly directory: string;
  readonly stage: string;
  readonly workingTree: WorkingTree;
  /** Function of the contract → its physical name. */
  readonly functionName: (name: string) => string;
  readonly onReload: (reload: Reload) => void;
}

/** The working tree while it is followed. */
export interface Following extends Service {
  /** Serves all of it as it is now, saved since or not. */
  reload(): void;
}

/** Stands for all files. */
const EVERYTHING = 'everything';

/** Changes of the limits and names in it are told; what else a plan has is not worth a line each. */
const MOST_TOLD = 3;

/**
 * Serves what is saved, in the environments that follow the working tree: handlers and what they import by building the functions that use
 * them; contract, constructs, stacks and settings by another synthesis. A mistake leaves what was served.
 */
export async function followWorkingTree(options: FollowOptions): Promise<Following> {
  const { directory, onReload } = options;
  const builder = functionBuilder(directory);
  const ending = new AbortController();
  let saved = new Set<string>();
  let since = 0;
  let refused = false;
  let running: Promise<void> | undefined;
  const asDeployed = codeAsDeployed(builder, (code, isLate) => {
    const given = (running ?? Promise.resolve()).then(() =>
      isLate() || ending.signal.aborted ? undefined : giveCode(options, code),
    );
    running = given.catch(() => undefined);
    return given;
  });
  const types = typesBeside(directory, findTypeErrors, (mistakes) => onReload({ outcome: 'types', mistakes }));

  const reload = async (): Promise<void> => {
    while (saved.size > 0 && !ending.signal.aborted) {
      const paths = [...saved].sort();
      saved = new Set();
      types.stop();
      asDeployed.stop();
      try {
        const what = await serve(options, { builder, asDeployed }, paths, refused, ending.signal);
        if (what === undefined) continue;
        refused = false;
        onReload({ outcome: 'served', paths, what, milliseconds: performance.now() - since });
        types.again();
      } catch (error) {
        if (ending.signal.aborted) return;
        refused = true;
        onReload({ outcome: 'refused', paths, why: errorReason(error) });
      } finally {
        if (!ending.signal.aborted) asDeployed.again();
      }
    }
  };
  await builder.learn();
  const take = (paths: readonly string[], at: number) => {
    if (saved.size === 0) since = at;
    for (const path of paths) saved.add(path);
    running = (running ?? Promise.resolve()).then(reload);
  };
  const files = await watchSavedFiles(directory, take);
  return {
    reload: () => take([EVERYTHING], performance.now()),
    close: async () => {
      ending.abort();
      await files.close();
      await running;
      types.stop();
      asDeployed.stop();
      await builder.close();
    },
  };
}

/** @param again - the last change was refused: its mistake may be gone by any other file. @returns undefined where nothing is made of the files */
async function serve(
  options: FollowOptions,
  { builder, asDeployed }: { readonly builder: FunctionBuilder; readonly asDeployed: CodeAsDeployed },
  paths: readonly string[],
  again: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { directory, stage, workingTree } = options;
  const names = builder.using(paths);
  if (paths.includes(EVERYTHING) || builder.inStacks(paths) || (again && names.length === 0)) {
    return inReleaseFolder(
      directory,
      async (outdir) => {
        const synthesis = await synthesizeApart(directory, stage, outdir, signal);
        await giveCode(options, asDeployed.take(await builder.learn(), names));
        const { changes, needRestart } = await workingTree.follow(synthesis);
        // What all environments have at once tells most: one change of CORS is a change of every path's preflight, too.
        const ranked = changes.toSorted((a, b) => Number(b.live) - Number(a.live));
        const told = ranked.slice(0, MOST_TOLD).map((change) => changeLine(change).filter(Boolean).join(' '));
        const more = changes.length > MOST_TOLD ? [`and ${changes.length - MOST_TOLD} more`] : [];
        const restart = needRestart.length > 0 ? [`start again to serve other ${needRestart.join(' and ')}`] : [];
        return [...(changes.length === 0 ? ['nothing that is served has changed'] : told), ...more, ...restart].join(
          '; ',
        );
      },
      { endsOnSignals: false },
    );
  }
  if (names.length === 0) return undefined;
  const code = await builder.build(names);
  await giveCode(options, code);
  asDeployed.served(code);
  return names.join(', ');
}

function giveCode(
  { workingTree, functionName }: FollowOptions,
  code: ReadonlyMap<string, FunctionCode>,
): Promise<void> {
  return workingTree.followCode(new Map([...code].map(([name, each]) => [functionName(name), each])));
}
