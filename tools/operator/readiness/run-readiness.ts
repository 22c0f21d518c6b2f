import { errorReason } from '#functions/error-reason.ts';
import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { type CheckResult, makeChecks } from '#operator/doctor/check.ts';
import { describeDoctor } from '#operator/doctor/run-doctor.ts';
import { awsDocument } from '#operator/journal/stage-records.ts';
import type { StageContext } from '#stacks/context.ts';
import { type HistoryStore, keepRun, type ReadinessRun, readRuns, runOf } from './history.ts';
import { type ReadinessPorts, readinessChecks } from './readiness-checks.ts';

interface ReadinessFlags {
  readonly strict?: true;
  readonly history?: true;
  readonly local?: true;
  readonly json?: true;
}

/** What a run came to. */
interface Readiness {
  readonly stage: string;
  readonly checks: readonly CheckResult[];
}

/** A failover would meet something that it must not. The report holds every check. */
class ReadinessError extends Error {
  override readonly name = 'ReadinessError';
  readonly exitCode = ExitCode.Usage;
  constructor(
    readonly report: Readiness,
    outcomes: readonly CheckResult['outcome'][],
  ) {
    const found = report.checks.filter(({ outcome }) => outcomes.includes(outcome));
    const names = found.map(({ name }) => name).join(', ');
    super(`${report.stage} is not ready to lose a region: ${names}.`);
  }
}

/** Prints whether a stage could do without a region, and keeps it; or what earlier runs came to. @throws ReadinessError when a check failed */
export async function runReadiness(stage: string | undefined, flags: ReadinessFlags): Promise<void> {
  const DOCUMENT = 'readiness-history';
  if (flags.local) {
    const { runningStage } = await import('#operator/cli/running-stage.ts');
    const { context, control } = await runningStage(stage);
    const store: HistoryStore = {
      read: async () => (await control.document(DOCUMENT)).document,
      write: async (document) => {
        await control.replaceDocument(DOCUMENT, document);
      },
    };
    if (flags.history) return runCommand(flags, () => past(context, store), HISTORY);
    const { localReadiness } = await import('./stage-ports.ts');
    return runCommand(
      flags,
      async (surroundings) => look(context, await localReadiness(context, control), store, surroundings),
      reportOf(flags),
    );
  }
  const storeOf = (context: StageContext) => awsDocument(context, DOCUMENT);
  if (flags.history) return runInStage(stage, flags, (context) => past(context, storeOf(context)), HISTORY);
  const { awsReadiness } = await import('./stage-ports.ts');
  return runInStage(
    stage,
    flags,
    (context, surroundings) => look(context, awsReadiness(context), storeOf(context), surroundings),
    reportOf(flags),
  );
}

/** A run, and what could not be kept of it. */
async function look(
  context: StageContext,
  ports: ReadinessPorts,
  store: HistoryStore,
  { view }: Surroundings,
): Promise<Readiness> {
  view.phase('asking both regions');
  const checks = await makeChecks(readinessChecks(context, ports));
  const run = runOf(checks);
  // Whoever may only look has an answer all the same.
  const unless = (what: string) => (error: unknown) => view.line(`${what}: ${errorReason(error).split('\n', 1)[0]}`);
  await keepRun(store, run).catch(unless('This run is not in the history'));
  await ports.tell?.(run.counts.fail).catch(unless('No alarm hears of this run'));
  return { stage: context.stage, checks };
}

function reportOf({ strict }: ReadinessFlags): CommandReport<Readiness> {
  const outcomes: readonly CheckResult['outcome'][] = strict ? ['fail', 'warn'] : ['fail'];
  return {
    text: ({ checks }, colors) => describeDoctor(checks, colors),
    failure: (report) =>
      report.checks.some(({ outcome }) => outcomes.includes(outcome))
        ? new ReadinessError(report, outcomes)
        : undefined,
  };
}

interface PastRuns {
  readonly stage: string;
  /** The newest first. */
  readonly runs: readonly ReadinessRun[];
}

async function past({ stage }: StageContext, store: HistoryStore): Promise<PastRuns> {
  return { stage, runs: (await readRuns(store)).toReversed() };
}

const HISTORY: CommandReport<PastRuns> = { text: describeRuns };

/** A line per run, the newest first. */
export function describeRuns({ stage, runs }: PastRuns, colors: Colors): string {
  if (runs.length === 0) return `No run of readiness for ${stage} is known.`;
  const rows = runs.map(({ at, by, counts, findings }) => {
    const named = findings.map(({ name, outcome }) => (outcome === 'fail' ? name : `${name} (warned)`));
    const state = counts.fail > 0 ? 'not ready' : 'ready';
    return [state, at.replace(/\.\d+Z$/, 'Z'), by, named.join(', ') || '-'];
  });
  return columns(rows)
    .map((line) => (line.startsWith('not') ? colors.red(line) : colors.green(line)))
    .join('\n');
}
