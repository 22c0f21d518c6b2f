import { ParametersError, UsageError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { askValues } from './ask-values.ts';
import { checkParameters } from './check.ts';
import { describeCheck, describeList, describeWrites } from './describe-parameters.ts';
import { getParameter } from './get.ts';
import { listParameters } from './list.ts';
import { awsStores, localStores } from './open-stores.ts';
import { type ParameterWrite, putParameters, requireKnown, syncParameters } from './put.ts';
import { oneValue, readText, severalValues } from './read-values.ts';
import type { ParameterStores } from './ssm-store.ts';

interface ParamsFlags {
  /** Against the running local runtime. */
  readonly local?: true;
  readonly json?: true;
}

/** Runs one of the commands in a stage on AWS or in the runtime of this folder: with its stores, and the name that it is about. */
async function inStage<R>(
  operands: Operands,
  flags: ParamsFlags,
  work: (context: StageContext, stores: ParameterStores, name?: string) => Promise<R>,
  report: CommandReport<R>,
): Promise<void> {
  if (!flags.local) {
    const { stage, name } = requireStage(operands);
    return runInStage(stage, flags, (context) => work(context, awsStores(context), name), report);
  }
  return runCommand(
    flags,
    async () => {
      const { context, control } = await runningStage();
      const { stage = context.stage, name } = withStageLeftOut(operands, context.settings.stages);
      if (stage !== context.stage) await runningStage(stage);
      return work(context, await localStores(context, control), name);
    },
    report,
  );
}

/** `params put`: one parameter or several, from a file, standard input or prompts. */
export function runPut(operands: Operands, flags: ParamsFlags & { readonly file?: string }): Promise<void> {
  return inStage(
    operands,
    flags,
    async (context, stores, name) => {
      const names = name === undefined ? context.settings.parameters : [name];
      requireKnown(names, context.settings.parameters);
      const read = flags.file === undefined ? undefined : await readValues(flags.file, name);
      if (read === undefined) requireTerminal();
      const current = await stores.primary.readAll();
      const values = read ?? (await askAtTerminal(context, names, current));
      return { context, writes: await putParameters(context, stores, current, values) };
    },
    WRITES,
  );
}

/** `params sync`: the mirror gets what it lacks. */
export function runSync(stage: string | undefined, flags: ParamsFlags): Promise<void> {
  const sync = async (context: StageContext, stores: ParameterStores) => ({
    context,
    writes: await syncParameters(context, stores),
  });
  return inStage({ stage }, flags, sync, WRITES);
}

/** `params list`. */
export function runList(stage: string | undefined, flags: ParamsFlags & { readonly reveal?: true }): Promise<void> {
  return inStage(
    { stage },
    flags,
    async (context, stores) => ({
      stage: context.stage,
      parameters: await listParameters(context, stores, { reveal: flags.reveal === true }),
    }),
    { text: ({ parameters }, colors) => describeList(parameters, colors) },
  );
}

/** `params get`: the value and nothing else on stdout. */
export function runGet(
  operands: Operands,
  flags: ParamsFlags & { readonly region: 'primary' | 'secondary'; readonly reveal?: true },
): Promise<void> {
  return inStage(
    operands,
    flags,
    (context, stores, nameOrPath) => {
      if (nameOrPath === undefined) throw new UsageError('<name> is missing. params get --help shows what is allowed.');
      return getParameter(context, stores[flags.region], nameOrPath, { reveal: flags.reveal === true });
    },
    { text: ({ value }) => value },
  );
}

/** `params check`: exit code 2 when something is wrong. */
export function runCheck(stage: string | undefined, flags: ParamsFlags): Promise<void> {
  return inStage(
    { stage },
    flags,
    async (context, stores) => ({ context, problems: await checkParameters(context, stores) }),
    {
      text: ({ context, problems }, colors) =>
        describeCheck(problems, context.stage, context.settings.parameters.length, colors),
      document: ({ context, problems }) => ({ stage: context.stage, problems }),
      exitCode: ({ problems }) => (problems.length > 0 ? ExitCode.Usage : ExitCode.Done),
    },
  );
}

/** What was written, and that not all of it was mirrored. */
const WRITES: CommandReport<{ readonly context: StageContext; readonly writes: readonly ParameterWrite[] }> = {
  text: ({ writes }, colors) => describeWrites(writes, colors),
  document: ({ context, writes }) => ({ stage: context.stage, parameters: writes }),
  remark: ({ context: { settings, stage }, writes }) =>
    isMirrored(writes)
      ? undefined
      : `Not everything was mirrored to ${settings.secondaryRegion}. When it answers again: two-region params sync ${stage}`,
  exitCode: ({ writes }) => (isMirrored(writes) ? ExitCode.Done : ExitCode.Failed),
};

function isMirrored(writes: readonly ParameterWrite[]): boolean {
  return writes.every(({ secondary }) => secondary.outcome !== 'failed');
}

async function readValues(file: string, name: string | undefined): Promise<ReadonlyMap<string, string>> {
  const text = await readText(file);
  return name === undefined ? severalValues(text, file) : new Map([[name, oneValue(text)]]);
}

function requireTerminal(): void {
  if (process.stdin.isTTY) return;
  throw new ParametersError(
    'Not a terminal: pass the values with --file FILE, or through standard input with --file -.',
  );
}

async function askAtTerminal(
  { settings }: StageContext,
  names: readonly string[],
  current: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const { askAtTerminal: ask } = await import('#operator/cli/prompt.ts');
  return askValues(ask, names, settings, current);
}

/** The words behind `params put` and its like, in their order. */
interface Operands {
  readonly stage?: string | undefined;
  readonly name?: string | undefined;
}

/** @throws UsageError without a stage: outside of the local runtime none is taken for granted */
function requireStage({ stage, name }: Operands): {
  readonly stage: string;
  readonly name?: string | undefined;
} {
  if (stage !== undefined) return { stage, name };
  throw new UsageError('<stage> is missing: name a stage of settings.conf, or use --local for the one that runs here.');
}

/** With `--local` the stage may be left out, `put --local replacement_map`: a word alone is then a name, unless it is a stage. */
function withStageLeftOut(operands: Operands, stages: readonly string[]): Operands {
  const { stage, name } = operands;
  return stage === undefined || name !== undefined || stages.includes(stage) ? operands : { name: stage };
}
