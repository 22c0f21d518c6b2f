import { ParametersError, UsageError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { awsSwitchRecords, type SwitchRecords } from '#operator/journal/stage-records.ts';
import { thisCommand, underLocks } from '#operator/lock/hold-lock.ts';
import { addCatchUp, describeCatchUp, removeCatchUp, requireNoneNewer } from '#operator/regions/catch-up.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
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
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
}

/** What is changed beside parameters: a lock, and what a region that is lost will lack. */
type Records = Pick<SwitchRecords, 'catchUp' | 'locks'>;

/** Runs one of the commands in a stage on AWS or in the runtime of this folder: with its stores, and the name that it is about. */
async function inStage<R>(
  operands: Operands,
  flags: ParamsFlags,
  work: (context: StageContext, stores: ParameterStores, name: string | undefined, records: Records) => Promise<R>,
  report: CommandReport<R>,
): Promise<void> {
  if (!flags.local) {
    const { stage, name } = requireStage(operands);
    const run = (context: StageContext) =>
      work(context, awsStores(context), name, awsSwitchRecords(context, flags.without));
    return runInStage(stage, flags, run, report);
  }
  return runCommand(
    flags,
    async () => {
      const { context, control } = await runningStage();
      const { stage = context.stage, name } = withStageLeftOut(operands, context.settings.stages);
      if (stage !== context.stage) await runningStage(stage);
      return work(context, await localStores(context, control), name, localSwitchRecords(control));
    },
    report,
  );
}

/** `params put`: one parameter or several, from a file, standard input or prompts. */
export function runPut(operands: Operands, flags: ParamsFlags & { readonly file?: string }): Promise<void> {
  return inStage(
    operands,
    flags,
    async (context, stores, name, records) => {
      const { without } = flags;
      const names = name === undefined ? context.settings.parameters : [name];
      requireKnown(names, context.settings.parameters);
      const read = flags.file === undefined ? undefined : await readValues(flags.file, name);
      if (read === undefined) requireTerminal();
      const kept: RegionType = without === 'primary' ? 'secondary' : 'primary';
      const current = await ofRegion(context, kept, () => stores[kept].readAll());
      const values = read ?? (await askAtTerminal(context, names, current));
      const put = () => putParameters(context, stores, current, values, without);
      if (without === undefined) return { context, writes: await put() };
      return underLocks(records.locks, { owner: thisCommand() }, async () => {
        const set = [...values.keys()];
        const lacking = {
          kind: 'parameters' as const,
          what: `its parameters ${set.join(', ')} are to be set`,
          names: set,
        };
        // First: values that a region lacks without anybody knowing would be overwritten by the next sync.
        const item = await addCatchUp(records.catchUp, without, lacking);
        const writes = await put().catch(async (error: unknown) => {
          // A mistake in the values is found before any of them is set.
          if (error instanceof ParametersError)
            await removeCatchUp(records.catchUp, without, ({ id }) => id === item.id);
          throw error;
        });
        return { context, writes, lacking: describeCatchUp(without, await records.catchUp.read(without)) };
      });
    },
    WRITES,
  );
}

/** `params sync`: the mirror gets what it lacks. */
export function runSync(stage: string | undefined, flags: ParamsFlags): Promise<void> {
  const sync = async (context: StageContext, stores: ParameterStores, _: string | undefined, { catchUp }: Records) => {
    // What the secondary region was given while the primary was lost would be overwritten.
    await requireNoneNewer(context.stage, catchUp);
    const writes = await syncParameters(context, stores);
    if (isMirrored(writes)) await removeCatchUp(catchUp, 'secondary', ({ kind }) => kind === 'parameters');
    return { context, writes };
  };
  return inStage({ stage }, flags, sync, WRITES);
}

/** `params list`. */
export function runList(stage: string | undefined, flags: ParamsFlags & { readonly reveal?: true }): Promise<void> {
  return inStage(
    { stage },
    flags,
    async (context, stores) => ({
      stage: context.stage,
      parameters: await listParameters(context, stores, { reveal: flags.reveal === true, without: flags.without }),
    }),
    {
      text: ({ parameters }, colors) => describeList(parameters, colors),
      remark: () =>
        flags.without &&
        `As the ${otherRegion(flags.without)} region has them: the ${flags.without} one was not asked.`,
    },
  );
}

/** `params get`: the value and nothing else on stdout. */
export function runGet(
  operands: Operands,
  flags: ParamsFlags & { readonly region: RegionType; readonly reveal?: true },
): Promise<void> {
  return inStage(
    operands,
    flags,
    (context, stores, nameOrPath) => {
      if (nameOrPath === undefined) throw new UsageError('<name> is missing. params get --help shows what is allowed.');
      const region = flags.without === undefined ? flags.region : otherRegion(flags.without);
      const get = () => getParameter(context, stores[region], nameOrPath, { reveal: flags.reveal === true });
      return ofRegion(context, region, get);
    },
    { text: ({ value }) => value },
  );
}

/** What the region that is left has, stands for both: nothing is compared. */
function storesLeft(stores: ParameterStores, without: RegionType | undefined): ParameterStores {
  if (without === undefined) return stores;
  const left = stores[otherRegion(without)];
  return { primary: left, secondary: left };
}

/** `params check`: exit code 2 when something is wrong. */
export function runCheck(stage: string | undefined, flags: ParamsFlags): Promise<void> {
  return inStage(
    { stage },
    flags,
    async (context, stores) => ({
      context,
      problems: await checkParameters(context, storesLeft(stores, flags.without)),
    }),
    {
      text: ({ context, problems }, colors) =>
        describeCheck(problems, context.stage, context.settings.parameters.length, colors, flags.without),
      document: ({ context, problems }) => ({ stage: context.stage, problems }),
      exitCode: ({ problems }) => (problems.length > 0 ? ExitCode.Usage : ExitCode.Done),
    },
  );
}

/** What was written, and that not all of it was mirrored. */
const WRITES: CommandReport<{
  readonly context: StageContext;
  readonly writes: readonly ParameterWrite[];
  /** What a region that was left out has to catch up on. @default - none was */
  readonly lacking?: readonly string[];
}> = {
  text: ({ writes }, colors) => describeWrites(writes, colors),
  document: ({ context, writes }) => ({ stage: context.stage, parameters: writes }),
  remark: ({ context: { settings, stage }, writes, lacking }) =>
    isMirrored(writes)
      ? lacking?.join('\n')
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
