import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from '#local/data/data-folder.ts';
import { type RuntimeState, stateSchema } from './protocol.ts';

/** Where a runtime that was started in a folder says how it is reached. */
export function stateFileIn(directory: string): string {
  return join(directory, '.two-region', 'local.json');
}

/** A second runtime was started in a folder where one runs. */
export class RuntimeRunningError extends Error {
  override readonly name = 'RuntimeRunningError';
  readonly exitCode = 2;
  constructor({ pid, startedAt }: RuntimeState, file: string) {
    super(
      `A runtime already runs in this folder: process ${pid}, since ${new Date(startedAt).toISOString()} (${file}). ` +
        `End it with Ctrl-C in its terminal or \`kill ${pid}\`, or start this one in another folder with another --port.`,
    );
  }
}

/**
 * Reads the state file of a folder.
 *
 * @returns undefined when there is none, or when the process that wrote it is gone or the file is damaged
 */
export async function readState(directory: string): Promise<RuntimeState | undefined> {
  const content = await readFile(stateFileIn(directory), 'utf8').catch(ignoreMissing);
  if (content === undefined) return undefined;
  const state = stateSchema.safeParse(parseJson(content));
  return state.success && isAlive(state.data.pid) ? state.data : undefined;
}

/** @throws RuntimeRunningError if a runtime runs in the folder */
export async function refuseSecondRuntime(directory: string): Promise<void> {
  const running = await readState(directory);
  if (running && (await isHere(running))) throw new RuntimeRunningError(running, stateFileIn(directory));
}

/**
 * Writes the state file, readable by its owner only since it holds the token. One that a dead process left is replaced.
 *
 * @returns a function that removes it again, unless another runtime has taken it over
 * @throws RuntimeRunningError if a runtime runs in the folder
 */
export async function claimStateFile(directory: string, state: RuntimeState): Promise<() => Promise<void>> {
  const file = stateFileIn(directory);
  await mkdir(dirname(file), { recursive: true });
  await refuseSecondRuntime(directory);
  await rm(file, { force: true });
  // "wx": of two that start at the same moment, one gets the file.
  const handle = await open(file, 'wx', 0o600).catch(async (error: unknown) => {
    await refuseSecondRuntime(directory);
    throw error;
  });
  await handle.writeFile(`${JSON.stringify(state, undefined, 2)}\n`);
  await handle.close();
  return async () => {
    const current = await readState(directory);
    if (current?.token === state.token) await rm(file, { force: true });
  };
}

/** Process numbers are used again, so the process must also know the token. One that is too busy to respond is taken for a runtime. */
async function isHere({ url, token }: RuntimeState): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  try {
    return (await fetch(`${url}/status`, { headers, signal: AbortSignal.timeout(1000) })).ok;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError';
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
