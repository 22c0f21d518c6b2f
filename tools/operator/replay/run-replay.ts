import { operations } from '#contract/index.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { describeReplay } from './describe-replay.ts';
import type { ReplayPlace } from './replay-place.ts';
import type { ReplayReport } from './replay-report.ts';
import { replayRequests } from './replay-requests.ts';

interface ReplayFlags {
  readonly local?: true;
  readonly json?: true;
  readonly from?: string;
  readonly to?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** 0 to 1. */
  readonly sample?: number;
  /** Requests a second. */
  readonly rate: number;
  readonly allow: number;
  readonly token?: string;
  readonly showValues?: true;
}

/** Sends recorded requests to an idle environment and prints what differs; exit code 2 when more does than may. */
export function runReplay(stage: string | undefined, flags: ReplayFlags): Promise<void> {
  if (flags.local) {
    const work = async (surroundings: Surroundings) => {
      const { openLocalReplayPlace } = await import('./local-replay-place.ts');
      return performReplay(await openLocalReplayPlace(stage), flags, surroundings);
    };
    return runCommand(flags, work, REPORT);
  }
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      const { awsReplayPlace } = await import('./aws-replay-place.ts');
      return performReplay(awsReplayPlace(context, flags.token), flags, surroundings);
    },
    REPORT,
  );
}

const REPORT: CommandReport<ReplayReport> = {
  text: describeReplay,
  exitCode: ({ isDifferent }) => (isDifferent ? ExitCode.Usage : ExitCode.Done),
};

async function performReplay(
  place: ReplayPlace,
  { from: named, to: wanted, since, sample, rate, allow, token, showValues, local }: ReplayFlags,
  { view }: Surroundings,
): Promise<ReplayReport> {
  const from = named ?? (await place.target());
  if (from === undefined)
    throw new RefusedError('No environment is live: name the one that requests are recorded on, --from envA.');
  const idle = place.environments.filter((environment) => environment !== from);
  const [to] = wanted === undefined ? idle : [wanted];
  if (wanted === undefined && idle.length > 1) {
    throw new RefusedError(`There are ${idle.join(', ')} to be tried: name one, --to ${to}.`);
  }
  view.phase(`reading what ${from} was asked`);
  return replayRequests(place, operations, {
    from,
    to: to ?? '',
    ...{
      since,
      ...(sample !== undefined && { share: sample }),
      perSecond: rate,
      allowed: allow,
      showsValues: showValues,
    },
    hasToken: local === true || token !== undefined,
    onProgress: (done, of) => view.phase(`${done} of ${of} requests sent`),
  });
}
