import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { sourceMapOf } from '#constructs/bundle/source-maps.ts';
import type { Debugging } from '#local/debug/doors.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { type LocalRuntime, startLocalRuntime } from '#local/index.ts';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { sharedFolder } from '#tests/support/run/shared-folder.ts';

const OUTDIR = 'cdktf.out';

/** How a stage differs from the one that is shipped. */
export interface StageChanges {
  /** Settings that have other values: `{ THROTTLE_RATE_LIMIT: '10000' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Rewrites the Terraform JSON of a stack (`dev-api-primary`) after synthesis. */
  readonly terraform?: (stack: string, json: string) => string;
  /** Other code for functions: the stack's name, the function's name, and the text of its `index.js`. */
  readonly code?: readonly { readonly stack: string; readonly functionName: string; readonly text: string }[];
  /** Hears what the runtime is started with. */
  readonly onSynthesis?: (synthesis: Synthesis) => void;
  /** @default 0 */
  readonly replicationLagMilliseconds?: number;
  /** @default 1 */
  readonly timeScale?: number;
  /** Lets debuggers look into the functions. @default - none may */
  readonly debugging?: Debugging;
}

export interface RunningStage extends LocalRuntime {
  /** Where the runtime was started. */
  readonly directory: string;
}

/** Starts the stage `dev` of this project as `two-region local` does, in a folder of its own. Ends with `close()`. */
export async function startStage(changes: StageChanges = {}): Promise<RunningStage> {
  const { settings = {}, terraform, code = [], replicationLagMilliseconds = 0, timeScale = 1 } = changes;
  const directory = await mkdtemp(join(tmpdir(), 'stage-'));
  const removeDirectory = () => rm(directory, { recursive: true, force: true });
  const synthesize = async () => {
    const conf = changed(await readFile('settings.conf', 'utf8'), settings);
    await writeFile(join(directory, 'settings.conf'), conf);
    const synthesis = await synthesizeOnce(conf, directory);
    for (const { name, file } of terraform ? synthesis.stacks : []) {
      const json = await readFile(file, 'utf8');
      await writeFile(file, terraform?.(name, json) ?? json);
    }
    for (const { stack, functionName, text } of code) {
      const assets = join(synthesis.outdir, 'stacks', stack, 'assets');
      const files = await readdir(assets, { recursive: true });
      const file = files.find((each) => each.startsWith(`${functionName}_`) && each.endsWith('index.js'));
      if (file === undefined) throw new Error(`${stack} has no package of the function ${functionName}.`);
      await rm(join(assets, file));
      await writeFile(join(assets, file), text);
    }
    changes.onSynthesis?.(synthesis);
    return synthesis;
  };
  const log = new RuntimeLog();
  const { debugging } = changes;
  const options = {
    synthesize,
    port: 0,
    replicationLagMilliseconds,
    timeScale,
    directory,
    log,
    ...(debugging && { sourceMapOf, debugging }),
  };
  const runtime = await startLocalRuntime(options).catch(async (error: unknown) => {
    await removeDirectory();
    throw error;
  });
  return { ...runtime, directory, close: () => runtime.close().finally(removeDirectory) };
}

/** The stage `dev` as it is shipped, synthesized: to be read, not to be changed. */
export async function synthesisOf(): Promise<Synthesis> {
  const made = await madeOnce(await readFile('settings.conf', 'utf8'));
  return readSynthesis(made, join(made, OUTDIR));
}

/** Synthesizes settings into a folder, from what any test file of the run has made of the same settings. */
async function synthesizeOnce(conf: string, directory: string): Promise<Synthesis> {
  const made = await madeOnce(conf);
  const outdir = join(directory, OUTDIR);
  await cp(join(made, OUTDIR), outdir, { recursive: true });
  return readSynthesis(made, outdir);
}

function madeOnce(conf: string): Promise<string> {
  return sharedFolder({ runtime: conf }, async (draft) => {
    await writeFile(join(draft, 'settings.conf'), conf);
    const synthesis = await synthesizeStage({ directory: draft, stage: 'dev', outdir: OUTDIR });
    const stacks = synthesis.stacks.map(({ name, file }) => ({ name, file: relative(synthesis.outdir, file) }));
    await writeFile(join(draft, 'synthesis.json'), JSON.stringify({ ...synthesis, stacks }));
  });
}

async function readSynthesis(made: string, outdir: string): Promise<Synthesis> {
  const synthesis: Synthesis = JSON.parse(await readFile(join(made, 'synthesis.json'), 'utf8'));
  const stacks = synthesis.stacks.map(({ name, file }) => ({ name, file: join(outdir, file) }));
  return { ...synthesis, outdir, stacks };
}

function changed(text: string, settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings).reduce((before, [key, value]) => {
    const line = `${key}=${value}`;
    const has = new RegExp(`^${key}=.*$`, 'm');
    if (!has.test(before)) return `${before}${line}\n`;
    const after = before.replace(has, line);
    if (after === before) throw new Error(`settings.conf has no other ${key} than ${value}.`);
    return after;
  }, text);
}

/** Gives every function as long as API Gateway waits for one, as `terraform` of {@link startStage}: a loaded machine needs longer than Lambda. */
export function patientFunctions(_stack: string, json: string): string {
  const parsed: { resource?: { aws_lambda_function?: Record<string, { timeout?: number }> } } = JSON.parse(json);
  for (const each of Object.values(parsed.resource?.aws_lambda_function ?? {})) each.timeout = 29;
  return JSON.stringify(parsed);
}
