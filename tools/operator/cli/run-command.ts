import { accessOf } from '#operator/aws/aws-access.ts';
import type { StageContext } from '#stacks/context.ts';
import { explainingCredentials } from './credentials-error.ts';
import { EndWith, ExitCode } from './exit-codes.ts';
import { type ProgressView, progressView } from './progress-view.ts';
import { loadStageContext } from './stage-context.ts';
import { type Colors, colorsFor } from './terminal.ts';

/** Flags that mean the same for every command. */
export interface CommandFlags {
  /** One document on stdout instead of text. @default false */
  readonly json?: boolean | undefined;
}

/** What a command's work is surrounded by. */
export interface Surroundings {
  /** Progress, on stderr. */
  readonly view: ProgressView;
  /** For what is said on stderr. */
  readonly colors: Colors;
  /** Gives back what was opened, when the work has ended, well or not; what was opened last comes first. */
  readonly atEnd: (close: () => Promise<void> | void) => void;
}

/** How a command tells what its work came to. */
export interface CommandReport<R> {
  /** @returns a text without its last line break, or bytes as they are to be written; nothing where stdout is to stay empty */
  readonly text: (result: R, colors: Colors) => string | Uint8Array | undefined;
  /** What `--json` prints. @default - the result */
  readonly document?: (result: R) => unknown;
  /** What else is to be said, on stderr, with `--json` too. */
  readonly remark?: (result: R) => string | undefined;
  /** @default 0 */
  readonly exitCode?: (result: R) => ExitCode;
  /** An error that the result is: with `--json` it is told beside the result, which stands in its `report`. */
  readonly failure?: (result: R) => (Error & { readonly report: object }) | undefined;
}

/**
 * Runs a command: does its work, with progress on stderr, and prints what it came to as text or as one document on stdout.
 *
 * @throws what the work throws, when everything is given back; EndWith for an exit code other than 0
 */
export async function runCommand<R>(
  { json }: CommandFlags,
  work: (surroundings: Surroundings) => Promise<R>,
  report: CommandReport<R>,
): Promise<void> {
  const colors = colorsFor(process.stderr);
  const view = progressView(process.stderr, colors);
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const result = await work({ view, colors, atEnd: (close) => closers.unshift(close) });
    view.end();
    tell(result, report, json === true);
  } finally {
    view.end();
    for (const close of closers) await close();
  }
}

/**
 * The same in a stage on AWS: the work gets its settings, and refused credentials are told with whose they are.
 *
 * @param stage - @default - the environment variable `STAGE`, else the first of the settings' stages
 * @throws SettingsError, before anything else; CredentialsError
 */
export async function runInStage<R>(
  stage: string | undefined,
  flags: CommandFlags,
  work: (context: StageContext, surroundings: Surroundings) => Promise<R>,
  report: CommandReport<R>,
): Promise<void> {
  const context = loadStageContext(stage);
  const explained = (surroundings: Surroundings) =>
    explainingCredentials(accessOf(context), () => work(context, surroundings));
  await runCommand(flags, explained, report);
}

function tell<R>(result: R, report: CommandReport<R>, json: boolean): void {
  const failure = report.failure?.(result);
  if (json && failure) throw failure;
  const text = json
    ? JSON.stringify(report.document ? report.document(result) : result)
    : report.text(result, colorsFor(process.stdout));
  if (typeof text === 'string') console.log(text);
  else if (text !== undefined) process.stdout.write(text);
  if (failure) throw failure;
  const remark = report.remark?.(result);
  if (remark !== undefined) console.error(remark);
  const code = report.exitCode?.(result) ?? ExitCode.Done;
  if (code !== ExitCode.Done) throw new EndWith(code);
}
