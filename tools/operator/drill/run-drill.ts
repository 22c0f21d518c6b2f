import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { confirm } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { listenForInterruption } from '#operator/cli/interruption.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { describeDrill, describeHistory, describeScenario } from './describe-drill.ts';
import { type DrillPlace, openDrillPlace } from './drill-place.ts';
import { keepHistory, readHistory } from './history.ts';
import { preflight } from './preflight.ts';
import { reportPage } from './report/page.ts';
import { reportScenario } from './report/report-scenario.ts';
import { type DrillReport, drillReportSchema, type ScenarioReport } from './report/report-schema.ts';
import { runScenario } from './scenario/run-scenario.ts';
import { waitingOf } from './scenario/waiting.ts';
import {
  AWS_SCENARIO_NAMES,
  type AwsScenarioName,
  SCENARIO_NAMES,
  type ScenarioName,
  scenarioOf,
} from './scenarios.ts';

interface DrillFlags {
  readonly local?: true;
  /** @default - `lose-region`, on AWS `route-away` */
  readonly scenario?: AwsScenarioName | ScenarioName | 'all';
  /** Requests per second. */
  readonly load: number;
  /** Folder. @default - one of its own in `.two-region/drills` */
  readonly report?: string;
  readonly history?: true;
  /** Of a fault on AWS that nothing moves by; seconds. */
  readonly for: number;
  readonly restore?: true;
  readonly yes?: true;
  readonly json?: true;
}

const REPORT: CommandReport<DrillReport> = {
  text: describeDrill,
  exitCode: ({ passed, missed }) => (missed.length > 0 ? ExitCode.Usage : passed ? ExitCode.Done : ExitCode.Failed),
};

/** A drill was broken off, and all that it had broken is mended. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode = ExitCode.Failed;
  constructor() {
    super('Interrupted: both regions respond again, and traffic goes to the primary one. Nothing was reported.');
  }
}

/** The same on AWS, where health checks and DNS are not waited for. */
class StageInterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode = ExitCode.Failed;
  constructor(stage: string, hasBegun: boolean) {
    super(
      hasBegun
        ? `Interrupted: what the drill broke is taken back, and health checks and DNS follow in a minute or two: two-region status ${stage}. Nothing was reported.`
        : 'Interrupted: nothing was changed.',
    );
  }
}

/** Runs drills and reports them; exit code 2 when an objective was missed, 1 when something else was not as it must be. */
export function runDrill(stage: string | undefined, flags: DrillFlags): Promise<void> {
  if (flags.history) {
    return runCommand(flags, () => readHistory(projectFolder()), {
      text: describeHistory,
      document: (drills) => ({ drills }),
    });
  }
  if (flags.local) return runCommand(flags, (surroundings) => drill(stage, flags, surroundings), REPORT);
  // Its name is said, not guessed: this is where people are served.
  if (stage === undefined) throw noStage();
  if (flags.restore) {
    const restored = async (context: StageContext) => {
      const { restoreStage } = await import('./aws/open-place.ts');
      return { stage, restored: await restoreStage(context) };
    };
    return runInStage(stage, flags, restored, { text: (result) => result.restored });
  }
  return runInStage(stage, flags, (context, surroundings) => drillOnAws(context, flags, surroundings), REPORT);
}

function noStage(): RefusedError {
  return new RefusedError(
    'A drill on AWS is of a stage that is named: two-region drill STAGE. One of the local runtime: two-region drill --local',
  );
}

/** A stage on AWS, by faults that can be taken back alone. */
async function drillOnAws(
  context: StageContext,
  flags: DrillFlags,
  { view, colors, atEnd }: Surroundings,
): Promise<DrillReport> {
  const name = AWS_SCENARIO_NAMES.find((each) => each === (flags.scenario ?? 'route-away'));
  if (name === undefined) throw notOnAws(flags.scenario);
  const [{ openAwsDrillPlace }, { drillStage }] = await Promise.all([
    import('./aws/open-place.ts'),
    import('./aws/drill-stage.ts'),
  ]);
  const { signal, dispose } = listenForInterruption((text) => view.line(text), {
    first: 'Interrupted: what was broken is taken back first …',
    further: 'Still at it: what was broken is taken back …',
  });
  atEnd(dispose);
  const startedAt = new Date();
  view.phase('looking up what is asked');
  const place = await openAwsDrillPlace(context, startedAt.getTime().toString(36).slice(-6));
  let hasBegun = false;
  const drilled = drillStage(place, name, {
    perSecond: flags.load,
    seconds: flags.for,
    signal,
    onPhase: (text) => view.phase(`${name}: ${text}`),
    confirm: async ({ scenario, role }, until) => {
      view.end();
      const ends = role === undefined ? '' : ` It ends by itself at ${until.toISOString().slice(11, 19)} UTC.`;
      const what = `${scenario.done}${ends} ${flags.load} requests a second are sent meanwhile, and what they write stays.`;
      await confirm({ what, word: context.stage, yes: flags.yes === true });
      hasBegun = true;
    },
  });
  const { observation, well } = await drilled.catch(
    unlessAborted(signal, () => new StageInterruptedError(context.stage, hasBegun)),
  );
  const report = reportScenario(context, observation);
  for (const line of describeScenario(report, colors)) view.line(line);
  const folder = folderOf(flags, startedAt);
  const { primaryRegion: primary, secondaryRegion: secondary } = context.settings;
  const regions = { primary, secondary };
  return write(
    folder,
    assemble(context, { place: 'aws', regions, timeScale: 1 }, { flags, startedAt, well, reports: [report], folder }),
  );
}

function notOnAws(scenario: string | undefined): RefusedError {
  return new RefusedError(
    `--scenario is ${scenario}: on AWS only what can be taken back, and ends by itself where its command dies, is drilled: ` +
      `${AWS_SCENARIO_NAMES.join(', ')}. Nothing was done. All others are of the local runtime: two-region drill --local --scenario ${scenario}`,
  );
}

function folderOf({ report }: DrillFlags, startedAt: Date): string {
  return resolve(report ?? join(projectFolder(), '.two-region', 'drills', fileName(startedAt)));
}

async function drill(
  stage: string | undefined,
  flags: DrillFlags,
  { view, colors, atEnd }: Surroundings,
): Promise<DrillReport> {
  const { context, control } = await runningStage(stage);
  const { signal, dispose } = listenForInterruption((text) => view.line(text), {
    first: 'Interrupted: what was broken is mended first …',
    further: 'Still mending: both regions are to respond, and traffic is to be back …',
  });
  atEnd(dispose);
  const startedAt = new Date();
  const place = await openDrillPlace(context, control, startedAt.getTime().toString(36).slice(-6));
  const names = namesOf(flags);
  const scenarios = names.map((name) => scenarioOf(name, place.traffic.journeys, place.regions));
  await untilStarted(place, signal, (text) => view.phase(text));
  view.phase('looking whether both regions are healthy and level');
  const well = await preflight(place);
  for (const line of well) view.line(`${colors.green('✓')} ${line}`);
  const reports: ScenarioReport[] = [];
  for (const scenario of scenarios) {
    if (reports.length > 0) await untilQuiet(place, signal, (text) => view.phase(text));
    const onPhase = (text: string) => view.phase(`${scenario.name}: ${text}`);
    const observation = await runScenario(place, scenario, { perSecond: flags.load, signal, onPhase }).catch(
      unlessAborted(signal),
    );
    const report = reportScenario(context, observation);
    for (const line of describeScenario(report, colors)) view.line(line);
    reports.push(report);
  }
  const folder = folderOf(flags, startedAt);
  const { primary, secondary } = place.regions.regions;
  const regions = { primary: primary.region, secondary: secondary.region };
  return write(
    folder,
    assemble(
      context,
      { place: 'local', regions, timeScale: place.timeScale },
      { flags, startedAt, well, reports, folder },
    ),
  );
}

function namesOf({ scenario = 'lose-region' }: DrillFlags): readonly ScenarioName[] {
  if (scenario === 'all') return SCENARIO_NAMES;
  const name = SCENARIO_NAMES.find((each) => each === scenario);
  if (name !== undefined) return [name];
  throw new RefusedError(
    `--scenario is ${scenario}, which is drilled on AWS alone: two-region drill STAGE. Locally it is a command: two-region route-away STAGE primary --local`,
  );
}

/** What was broken off on purpose is no failure of the drill. */
function unlessAborted(signal: AbortSignal, interrupted: () => Error = () => new InterruptedError()) {
  return (error: unknown): never => {
    if (signal.aborted && error instanceof Error && error.name === 'AbortError') throw interrupted();
    throw error;
  };
}

/** Seconds of AWS's time in which alarms of a runtime that has just started know nothing yet. */
const START_SECONDS = 300;

/** What alarms say of the minutes before the start means nothing, and goes by itself. */
async function untilStarted(place: DrillPlace, signal: AbortSignal, onPhase: (text: string) => void): Promise<void> {
  const { regions, timeScale, control } = place;
  const isOver = async () => {
    const age = ((Date.now() - regions.startedAt) / 1000) * timeScale;
    const { alarms } = await control.alarms();
    return age >= START_SECONDS || alarms.every(({ state }) => state !== 'ALARM');
  };
  if (await isOver()) return;
  onPhase('waiting until the alarms of a runtime that has just started know what is usual');
  await waitingOf(place, signal).until(isOver, START_SECONDS).catch(unlessAborted(signal));
}

/** Minutes of AWS's time that alarms may take to be quiet again. */
const QUIET_SECONDS = 600;

/** Between two scenarios: the next one is to be measured alone. */
async function untilQuiet(place: DrillPlace, signal: AbortSignal, onPhase: (text: string) => void): Promise<void> {
  onPhase('waiting until every alarm is quiet again');
  const isQuiet = async () => {
    const { alarms } = await place.control.alarms();
    return alarms.every(({ state }) => state !== 'ALARM');
  };
  await waitingOf(place, signal).until(isQuiet, QUIET_SECONDS).catch(unlessAborted(signal));
  await preflight(place);
}

interface Assembled {
  readonly flags: DrillFlags;
  readonly startedAt: Date;
  readonly well: readonly string[];
  readonly reports: readonly ScenarioReport[];
  readonly folder: string;
}

function assemble(
  context: StageContext,
  { place, regions, timeScale }: Pick<DrillReport, 'place' | 'regions' | 'timeScale'>,
  { flags, startedAt, well, reports, folder }: Assembled,
): DrillReport {
  return drillReportSchema.parse({
    version: 1,
    stage: context.stage,
    place,
    regions,
    timeScale,
    load: flags.load,
    failback: context.settings.failback,
    startedAt: startedAt.toISOString(),
    passed: reports.every(({ passed }) => passed),
    missed: reports.flatMap(missedIn),
    preflight: [...well],
    scenarios: [...reports],
    files: { html: shown(join(folder, 'report.html')), json: shown(join(folder, 'report.json')) },
  } satisfies DrillReport);
}

function missedIn({ scenario, objectives }: ScenarioReport): readonly string[] {
  return objectives
    .filter(({ met }) => met === false)
    .map(
      ({ name, limit, measured }) =>
        `${scenario}: ${name} is ${limit}, measured ${measured ?? 'nothing: it was not reached'}`,
    );
}

async function write(folder: string, report: DrillReport): Promise<DrillReport> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  await writeFile(join(folder, 'report.html'), reportPage(report));
  await keepHistory(projectFolder(), report);
  return report;
}

/** As a user who stands in the working directory would write it. */
function shown(file: string): string {
  const inside = relative(process.cwd(), file);
  return inside.startsWith('..') ? file : inside;
}

/** `2026-11-29T06-30-00` */
function fileName(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(':', '-');
}
