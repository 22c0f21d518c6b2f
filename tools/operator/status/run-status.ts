import { setTimeout as sleep } from 'node:timers/promises';
import { accountRemarks } from '#operator/account/questions.ts';
import { reportError } from '#operator/cli/report-error.ts';
import { runCommand, type Surroundings } from '#operator/cli/run-command.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { awsRouting, recordsBehind } from '#operator/deploy/routing-change.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { inLeftRegion } from '#operator/regions/left-region.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { describeStatus } from './describe-status.ts';
import { readStatus } from './read-status.ts';
import type { StageStatus } from './stage-status.ts';

interface StatusFlags {
  readonly local?: true;
  readonly json?: true;
  /** Seconds between two looks; `true` for the default. */
  readonly watch?: number | true;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
}

const WATCH_SECONDS = 5;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** Prints the status of a stage, or of the running local runtime; with `watch` again and again until Ctrl-C. */
export async function runStatus(stage: string | undefined, flags: StatusFlags): Promise<void> {
  const read = flags.local ? await localReader(stage, flags.without) : awsReader(stage, flags.without);
  const work = ({ view }: Surroundings) => {
    // Off a terminal it would be a line per look.
    if (process.stderr.isTTY) view.phase(flags.without ? 'asking the region that is left' : 'asking both regions');
    return read();
  };
  const clears = flags.watch && process.stdout.isTTY;
  const look = () =>
    runCommand(flags, work, {
      text: (status, colors) => `${clears ? CLEAR_SCREEN : ''}${describeStatus(status, colors)}`,
    });
  if (!flags.watch) return look();
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ended.abort());
  await watch(look, {
    seconds: flags.watch === true ? WATCH_SECONDS : flags.watch,
    signal: ended.signal,
    onFailure: (error) => reportError(error, { json: flags.json === true, debug: false }),
  });
}

function awsReader(stage: string | undefined, without: RegionType | undefined): () => Promise<StageStatus> {
  const context = loadStageContext(stage);
  return () => awsStatus(context, without);
}

/** A stage on AWS, as it is now. @param without - region that is lost: nothing is asked of it. @default - none */
export function awsStatus(given: StageContext, without?: RegionType): Promise<StageStatus> {
  const context = inLeftRegion(given, without);
  const { stores: routes } = awsRoutePlace(context);
  const switches = { ...awsSwitchRecords(context), flags: '', routes };
  const remarks = async () => {
    // Route 53 that does not answer hides nothing of the rest.
    const live = await awsRouting(context)
      .live()
      .catch(() => []);
    return [...recordsBehind(context, live), ...(await accountRemarks(context))];
  };
  return readStatus(context, awsLiveSources(context), switches, remarks, without);
}

async function localReader(
  wanted: string | undefined,
  without: RegionType | undefined,
): Promise<() => Promise<StageStatus>> {
  const [{ runningStage }, { readLocalStatus }] = await Promise.all([
    import('#operator/cli/running-stage.ts'),
    import('./read-status.ts'),
  ]);
  const { context, control } = await runningStage(wanted);
  return () => readLocalStatus(context, control, without);
}

interface WatchOptions {
  /** Between the end of one look and the next. */
  readonly seconds: number;
  /** Aborted: the watch ends. */
  readonly signal: AbortSignal;
  /** Hears why a look other than the first failed. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Looks again and again. A region that is lost, and the network with it, is when somebody watches: a look that fails does not end it.
 *
 * @throws what the first look throws: nothing suggests that another one would go better
 */
export async function watch(look: () => Promise<void>, { seconds, signal, onFailure }: WatchOptions): Promise<void> {
  await look();
  while (await isOverdue(seconds, signal)) await look().catch(onFailure);
}

/** Waits. @returns false when the signal came in between */
function isOverdue(seconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(1000 * seconds, true, { signal }).catch(() => false);
}
