import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlClient, connectControl } from '#local/control/client.ts';
import type { RuntimeStatus } from '#local/control/protocol.ts';
import type { RegionType } from '#local/model/model.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { ProgressView } from '#operator/cli/progress-view.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { type Colors, seconds, timeOfDay } from '#operator/cli/terminal.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** What followed from failing or recovering a region. Times are milliseconds since the epoch. */
export interface RegionChange {
  readonly region: RegionType;
  readonly action: 'fail' | 'recover';
  readonly at: number;
  /** The region's health check changed. */
  readonly noticed?: { readonly at: number; readonly reason: string };
  /** Public names whose clients were led elsewhere. */
  readonly moved: readonly { readonly at: number; readonly name: string; readonly to: RegionType }[];
  readonly predicted: RuntimeStatus['predicted'];
  readonly timeScale: number;
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

/** @throws NoRuntimeError when no runtime runs here */
async function performChange({ region, action, wait, json }: RegionOrder, view: ProgressView): Promise<RegionChange> {
  const client = await connectControl(projectFolder());
  const before = await client.status();
  const failing = action === 'fail';
  const already = before.regions[region].failed === failing;
  const after = failing ? await client.fail(region) : await client.recover(region);
  const start = {
    region,
    action,
    at: after.regions[region].since,
    moved: [],
    inTime: true,
    predicted: before.predicted,
    timeScale: before.timeScale,
  };
  if (already) return { ...start, remark: `${region} ${failing ? 'had failed' : 'was answering'} already.` };
  if (!wait) return { ...start, remark: 'Not waiting for the health checks and the entry.' };
  if (!json) view.line(`Waiting for the health checks (at most ${before.predicted.recoverySeconds} s) …`);
  return follow(client, start, before);
}

/** Waits until the region's health check has changed, and until the entry has moved if the names' answers changed with it. */
async function follow(client: ControlClient, start: RegionChange, before: RuntimeStatus): Promise<RegionChange> {
  const checks = new Set(before.regions[start.region].healthChecks.map((check) => check.name));
  const names = new Set(before.entries.map((entry) => entry.name));
  const awaited = start.action === 'fail' ? 'unhealthy' : 'healthy';
  if (before.regions[start.region].healthChecks.every((check) => check.status === awaited)) {
    return { ...start, remark: `The health checks said ${awaited} already: the entry stays where it is.` };
  }
  // Half as long again as predicted, and time for a busy machine.
  const deadline = start.at + before.predicted.recoverySeconds * 1500 + 10_000;
  let change = start;
  while (Date.now() < deadline) {
    const events = await client.events({ kinds: ['health', 'dns', 'entry'], since: start.at });
    const noticed = events.find((e) => e.kind === 'health' && checks.has(e.healthCheck) && e.status === awaited);
    // Names that nothing serves on this machine have answers, but no clients.
    const answers = events.filter((event) => event.kind === 'dns' && names.has(event.name));
    const moves = events.filter((event) => event.kind === 'entry');
    change = {
      ...start,
      ...(noticed?.kind === 'health' && { noticed: { at: noticed.time, reason: noticed.reason } }),
      moved: moves.map(({ time, name, to }) => ({ at: time, name, to })),
    };
    if (noticed && answers.length === 0) {
      return { ...change, remark: 'Route 53 answers as before: the entry stays where it is.' };
    }
    if (noticed && moves.length >= answers.length) return change;
    await sleep(POLL_MILLISECONDS);
  }
  return {
    ...change,
    inTime: false,
    remark: 'Gave up waiting: this took longer than predicted. `GET /events` of the runtime may tell why.',
  };
}

/**
 * A failover as lines: what happened when, and the longest that it may take by prediction (interval × threshold + TTL). With a time scale,
 * the time that AWS would take is in parentheses.
 */
export function describeChange(change: RegionChange, colors: Colors): string {
  const { region, action, at, noticed, moved, predicted, timeScale, remark } = change;
  const elapsed = (until: number, atMost: number) => {
    const took = (until - at) / 1000;
    const inAws = timeScale === 1 ? '' : ` (in AWS ${seconds(took * timeScale)})`;
    return `after ${colors.bold(seconds(took))}${inAws}, predicted at most ${seconds(atMost)}`;
  };
  const line = (time: number, text: string) => `${colors.dim(timeOfDay(time))}  ${text}`;
  const status = action === 'fail' ? colors.red('failed') : colors.green('recovered');
  const lines = [line(at, `${region} ${status}`)];
  if (noticed) {
    lines.push(
      line(noticed.at, `health check noticed ${elapsed(noticed.at, predicted.noticeSeconds)}: ${noticed.reason}`),
    );
  }
  for (const move of moved) {
    lines.push(line(move.at, `${move.name} leads to ${move.to} ${elapsed(move.at, predicted.recoverySeconds)}`));
  }
  if (remark) lines.push(remark);
  return lines.join('\n');
}
