import { connectControl } from '#local/control/client.ts';
import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { ParametersError, UsageError } from '#operator/cli/errors.ts';
import { EndWith, ExitCode } from '#operator/cli/exit-codes.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
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

/** Runs one of the commands in a stage: with its stores, the name it is about, and with AWS's refusals explained. */
async function inStage(
  operands: Operands,
  { local }: ParamsFlags,
  work: (context: StageContext, stores: ParameterStores, name?: string) => Promise<void>,
): Promise<void> {
  if (local) {
    const runtime = await connectControl(process.cwd());
    const running = loadStageContext((await runtime.status()).stage);
    const { stage = running.stage, name } = withStageLeftOut(operands, running.settings.stages);
    const context = loadStageContext(stage);
    return work(context, await localStores(context, runtime), name);
  }
  const { stage, name } = requireStage(operands);
  const context = loadStageContext(stage);
  return explainingCredentials(accessOf(context), () => work(context, awsStores(context), name));
}

/** `params put`: one parameter or several, from a file, standard input or prompts. */
export function runPut(operands: Operands, flags: ParamsFlags & { readonly file?: string }): Promise<void> {
  return inStage(operands, flags, async (context, stores, name) => {
    const names = name === undefined ? context.settings.parameters : [name];
    requireKnown(names, context.settings.parameters);
    const read = flags.file === undefined ? undefined : await readValues(flags.file, name);
    if (read === undefined) requireTerminal();
    const current = await stores.primary.readAll();
    const values = read ?? (await askAtTerminal(context, names, current));
    reportWrites(context, await putParameters(context, stores, current, values), flags);
  });
}

/** `params sync`: the mirror gets what it lacks. */
export function runSync(stage: string | undefined, flags: ParamsFlags): Promise<void> {
  return inStage({ stage }, flags, async (context, stores) => {
    reportWrites(context, await syncParameters(context, stores), flags);
  });
}

/** `params list`. */
export function runList(stage: string | undefined, flags: ParamsFlags & { readonly reveal?: true }): Promise<void> {
  return inStage({ stage }, flags, async (context, stores) => {
    const parameters = await listParameters(context, stores, { reveal: flags.reveal === true });
    const text = () => describeList(parameters, colorsFor(process.stdout));
    console.log(flags.json ? JSON.stringify({ stage: context.stage, parameters }) : text());
  });
}

/** `params get`: the value and nothing else on stdout. */
export function runGet(
  operands: Operands,
  flags: ParamsFlags & { readonly region: 'primary' | 'secondary'; readonly reveal?: true },
): Promise<void> {
  return inStage(operands, flags, async (context, stores, nameOrPath) => {
    if (nameOrPath === undefined) throw new UsageError('<name> is missing. params get --help shows what is allowed.');
    const store = stores[flags.region];
    const parameter = await getParameter(context, store, nameOrPath, { reveal: flags.reveal === true });
    console.log(flags.json ? JSON.stringify(parameter) : parameter.value);
  });
}

/** `params check`: exit code 2 when something is wrong. */
export function runCheck(stage: string | undefined, flags: ParamsFlags): Promise<void> {
  return inStage({ stage }, flags, async (context, stores) => {
    const problems = await checkParameters(context, stores);
    const count = context.settings.parameters.length;
    const text = () => describeCheck(problems, context.stage, count, colorsFor(process.stdout));
    console.log(flags.json ? JSON.stringify({ stage: context.stage, problems }) : text());
    if (problems.length > 0) throw new EndWith(ExitCode.Usage);
  });
}

async function readValues(file: string, name: string | undefined): Promise<ReadonlyMap<string, string>> {
  const text = await readText(file);
  return name === undefined ? severalValues(text, file) : new Map([[name, oneValue(text)]]);
}

function requireTerminal(): void {
  if (process.stdin.isTTY) return;
  throw new ParametersError(
    'There is no terminal to ask at. Give the values with --file FILE, or through standard input with --file -.',
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

function reportWrites(
  { stage, settings }: StageContext,
  writes: readonly ParameterWrite[],
  { json }: ParamsFlags,
): void {
  console.log(json ? JSON.stringify({ stage, parameters: writes }) : describeWrites(writes, colorsFor(process.stdout)));
  if (writes.every(({ secondary }) => secondary.outcome !== 'failed')) return;
  console.error(
    `Not everything was mirrored to ${settings.secondaryRegion}. When it answers again: two-region params sync ${stage}`,
  );
  throw new EndWith(ExitCode.Failed);
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
