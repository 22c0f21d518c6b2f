import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlClient, connectControl } from '#local/control/client.ts';
import type { RuntimeStatus } from '#local/control/protocol.ts';
import { type Failure, REGION_GONE } from '#local/failure/failure.ts';
import type { PredictedFailure } from '#local/failure/failure-schema.ts';
import type { RegionType } from '#local/model/model.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { ProgressView } from '#operator/cli/progress-view.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { describeChange } from './describe-change.ts';

/** What followed from failing or recovering a region. Times are milliseconds since the epoch. */
export interface RegionChange {
  readonly region: RegionType;
  readonly action: 'fail' | 'recover';
  /** What fails, and how. */
  readonly failure?: Failure;
  readonly at: number;
  /** The region's health check changed. */
  readonly noticed?: { readonly at: number; readonly reason: string };
  /** Public names whose clients were led elsewhere. */
  readonly moved: readonly { readonly at: number; readonly name: string; readonly to: RegionType }[];
  readonly predicted: PredictedFailure;
  readonly timeScale: number;
  /** What is asked of the other region at once where the names lead to CloudFront: patterns of paths. @default - they lead to the regions */
  readonly edge?: readonly string[];
  /** False: what was waited for had not happened half as long again after it should have. */
  readonly inTime: boolean;
  /** Why nothing else can be expected to happen, or didn't in time. */
  readonly remark?: string;
}

const POLL_MILLISECONDS = 50;

/** What is asked of the runtime in the working directory. */
interface RegionOrder {
  readonly region: RegionType;
  readonly action: 'fail' | 'recover';
  /** @default all of the region refuses connections */
  readonly failure?: Failure;
  /** Until the health checks have noticed, and the entry has followed. */
  readonly wait: boolean;
  readonly json?: true | undefined;
}

/** Fails or recovers a region, and prints what happened when; exit code 1 when the failover did not happen in time. */
export function changeRegion(order: RegionOrder): Promise<void> {
  return runCommand(order, ({ view }) => performChange(order, view), {
    text: describeChange,
    exitCode: ({ inTime }) => (inTime ? ExitCode.Done : ExitCode.Failed),
  });
}

/** @throws NoRuntimeError when no runtime runs here; Error with the runtime's reason for a part that the region doesn't have */
async function performChange(order: RegionOrder, view: ProgressView): Promise<RegionChange> {
  const { region, action, failure = REGION_GONE, wait, json } = order;
  const client = await connectControl(projectFolder());
  const before = await client.status();
  const failing = action === 'fail';
  const after = failing ? await client.fail(region, failure) : await client.recover(region);
  const { since, failures } = after.regions[region];
  const newest = failures.at(-1);
  const edges = after.entries.flatMap((entry) => entry.edge ?? []);
  const start = {
    region,
    action,
    ...(failing && newest && { failure: { part: newest.part, mode: newest.mode } }),
    at: since,
    moved: [],
    inTime: true,
    // A region that recovers is noticed as one that refuses connections.
    predicted: newest?.prediction ?? {
      noticed: true,
      fault: 'refused',
      checks: unhealthy(before, region),
      ...before.predicted.refused,
    },
    timeScale: before.timeScale,
    ...(failing && edges.length > 0 && { edge: edges.flatMap((edge) => edge.eitherRegion) }),
  } satisfies RegionChange;
  if (since === before.regions[region].since) {
    return { ...start, remark: `${region} ${failing ? 'failed in this way' : 'was answering'} already.` };
  }
  if (!start.predicted.noticed) {
    const text = `No health check notices: ${start.predicted.reason}. Clients get the errors until somebody acts.`;
    return { ...start, remark: text };
  }
  if (!wait) return { ...start, remark: 'Not waiting for the health checks and the entry.' };
  const { recovery, checks } = start.predicted;
  if (!json) view.line(`Waiting for the health checks (at most ${recovery.atMost} s) …`);
  return follow(client, start, { atMostSeconds: recovery.atMost, checks, before });
}

function unhealthy({ regions }: RuntimeStatus, region: RegionType): string[] {
  return regions[region].healthChecks.filter(({ status }) => status === 'unhealthy').map(({ name }) => name);
}

interface Followed {
  readonly atMostSeconds: number;
  /** Names of the health checks that are to change. */
  readonly checks: readonly string[];
  readonly before: RuntimeStatus;
}

/** Waits until the region's health checks have changed, and until the entries have moved whose names' answers changed with them. */
async function follow(
  client: ControlClient,
  start: RegionChange,
  { atMostSeconds, checks, before }: Followed,
): Promise<RegionChange> {
  const names = new Set(before.entries.map((entry) => entry.name));
  const awaited = start.action === 'fail' ? 'unhealthy' : 'healthy';
  const own = before.regions[start.region].healthChecks.filter(({ name }) => checks.includes(name));
  if (own.every(({ status }) => status === awaited)) {
    return { ...start, remark: `The health checks said ${awaited} already: the entry stays where it is.` };
  }
  // Half as long again as predicted, and time for a busy machine.
  const deadline = start.at + atMostSeconds * 1500 + 10_000;
  let change = start;
  while (Date.now() < deadline) {
    // Before the events: an entry that asks DNS anew, as it is looked at, moves by that, and tells of it.
    const { entries } = await client.status();
    const events = await client.events({ kinds: ['health', 'dns', 'entry'], since: start.at });
    const changed = (check: string) =>
      events.find((event) => event.kind === 'health' && event.healthCheck === check && event.status === awaited);
    const noticed = checks.every(changed) ? checks.map(changed).find((event) => event !== undefined) : undefined;
    // Names that nothing serves on this machine have answers, but no clients.
    const answers = events.filter((event) => event.kind === 'dns').filter(({ name }) => names.has(name));
    // Where records are weighted an entry moves by lot, too: what counts is what follows a change of the answer.
    const moves = events
      .filter((event) => event.kind === 'entry')
      .filter((move) => answers.some(({ name, time }) => name === move.name && time <= move.time));
    change = {
      ...start,
      ...(noticed?.kind === 'health' && { noticed: { at: noticed.time, reason: noticed.reason } }),
      moved: moves.map(({ time, name, to }) => ({ at: time, name, to })),
    };
    if (noticed && answers.length === 0) {
      return {
        ...change,
        remark:
          'Route 53 leads no name to another region alone: the entry stays where it is, or goes by lot where records are weighted. two-region status --local says where, and why.',
      };
    }
    const hasLeft = ({ name }: { readonly name: string }) =>
      start.action === 'fail' && entries.every((entry) => entry.name !== name || entry.region !== start.region);
    if (noticed && (moves.length >= answers.length || answers.every(hasLeft))) return change;
    await sleep(POLL_MILLISECONDS);
  }
  return {
    ...change,
    inTime: false,
    remark: 'Gave up waiting: this took longer than predicted. `GET /events` of the runtime may tell why.',
  };
}

/** Cuts the regions of the runtime in the working directory off from each other, or ends that, and prints what it is now. */
export function partitionRegions({ end, json }: { readonly end?: true; readonly json?: true }): Promise<void> {
  return runCommand(
    { json },
    async () => {
      const client = await connectControl(projectFolder());
      const { partitioned } = await client.setPartitioned(end === undefined);
      return { partitioned };
    },
    {
      text: ({ partitioned }) =>
        partitioned
          ? 'The regions are cut off from each other: both serve, and what is written in one stays there.\nEnd it: two-region local partition --end'
          : 'The regions reach each other: what was written meanwhile replicates, the last writer of an item wins.',
    },
  );
}
