import { randomUUID } from 'node:crypto';
import pc from 'picocolors';
import { RefusedError } from '#operator/cli/errors.ts';
import { canaryOf, type SwitchJournal, type SwitchRecord } from '#operator/journal/switch-journal.ts';
import { unfinishedSwitch } from '#operator/journal/unfinished.ts';
import type { LockOptions } from '#operator/lock/hold-lock.ts';
import { describeReplay } from '#operator/replay/describe-replay.ts';
import { otherRegion } from '#stacks/context.ts';
import { describeWorse } from './canary/bake.ts';
import type { Comparison } from './canary/compare-versions.ts';
import { decideSwitch, type SwitchDecision } from './decide-switch.ts';
import type { PlannedStep } from './planned-steps.ts';
import { describeSample } from './preflight/sample-data.ts';
import type { CanarySize, Obstacle, SwitchPlace, SwitchRequest } from './switch-ports.ts';

/** What a switch needs of the command that runs it. */
export interface SwitchHooks extends LockOptions {
  /** Asked when everything was found in order. @throws RefusedError or CancelledError when it must not be */
  readonly confirm: (
    change: SwitchDecision & {
      readonly action: SwitchRequest['kind'];
      readonly staggerSeconds?: number;
      readonly canary?: CanarySize;
    },
  ) => Promise<void>;
  /** What is being done, before the first step. */
  readonly onPhase?: (text: string) => void;
  /** What was found and forbids nothing. */
  readonly onRemark?: (text: string) => void;
  readonly onStep?: (step: PlannedStep, outcome: 'begun' | 'done' | 'failed') => void;
  /** While the region that went first is watched, or a canary: how many seconds are left, as on AWS, what is wrong, and how versions compare. */
  readonly onWatch?: (left: number, problem: string | undefined, comparison?: Comparison) => void;
  /** Aborted: the step under way is finished, and everything is put back. */
  readonly signal?: AbortSignal;
}

/** A switch that is about to run. */
export interface Prepared {
  readonly record: SwitchRecord;
  readonly direction: 'back' | 'forward';
  /** Of the region that goes first. @default - it is not watched */
  readonly watchSeconds?: number;
  /** Of the canary that comes before anything moves. @default - there is none */
  readonly bakeSeconds?: number;
}

/** Decides what a request comes to, looks at the environment that is to go live, and asks. Nothing is changed. @throws whatever forbids it */
export async function prepare(
  place: SwitchPlace,
  journal: SwitchJournal,
  request: SwitchRequest,
  hooks: SwitchHooks,
): Promise<Prepared> {
  const asked = request.kind === 'switch' || request.kind === 'resume' ? request.staggerSeconds : undefined;
  const stagger = asked !== undefined && { staggerSeconds: asked };
  if (request.kind === 'switch' || request.kind === 'rollback') {
    const decision = await decideSwitch(place, journal, request);
    const size = request.kind === 'switch' ? request.canary : undefined;
    const canary = size !== undefined && { canary: size };
    if (decision.from !== decision.to) {
      await inspect(place, decision.to, hooks);
      await inspectAlarms(place, decision, hooks, request.kind === 'switch' && request.allowAlarm === true);
      await inspectData(place, decision, hooks, request.kind === 'switch' && request.allowUnreadable === true);
      if (size !== undefined) await inspectCanary(place, decision);
      if (request.kind === 'switch' && request.replay) await inspectReplay(place, decision, request.replay, hooks);
      await hooks.confirm({ ...decision, ...stagger, ...canary, action: request.kind });
    }
    const record = { ...(await newRecord(place, decision, hooks)), ...stagger, ...canary };
    const baked = size !== undefined && { bakeSeconds: size.bakeSeconds };
    return { record, direction: 'forward', ...(asked !== undefined && { watchSeconds: asked }), ...baked };
  }
  const record = unfinishedSwitch(place, journal);
  const { kind, from, to } = record;
  if (request.kind === 'revert') {
    await hooks.confirm({ kind, from: to, to: from, action: 'revert' });
    return { record, direction: 'back' };
  }
  const isWatched = record.steps.some(({ action }) => action === 'watch');
  const watchSeconds = asked ?? (isWatched ? undefined : record.staggerSeconds);
  await inspect(place, to, hooks, `\nPut back what was moved: two-region switch ${place.stage}${place.flags} --revert`);
  const bakedAt = record.steps.findLast(({ action }) => action === 'bake')?.begun;
  if (canaryOf(record) !== undefined && bakedAt !== undefined) await inspectBaked(place, record, bakedAt);
  const watched = watchSeconds !== undefined && { staggerSeconds: watchSeconds };
  const canary = bakedAt === undefined && record.canary !== undefined && { canary: record.canary };
  await hooks.confirm({ kind, from, to, ...watched, ...canary, action: 'resume' });
  const baked = canary !== false && { bakeSeconds: canary.canary.bakeSeconds };
  return { record, direction: 'forward', ...(watchSeconds !== undefined && { watchSeconds }), ...baked };
}

/** @throws RefusedError where the versions of one environment can't run in the other one */
async function inspectCanary({ stage, flags, ports }: SwitchPlace, { from, to }: SwitchDecision): Promise<void> {
  const obstacles = await ports.canary.obstacles({ from, to });
  if (obstacles.length === 0) return;
  throw new RefusedError(
    `There can be no canary from ${from} to ${to}; nothing was changed:\n${obstacles.map(describeObstacle).join('\n')}\n` +
      `All at once, or one region first: two-region switch ${stage}${flags} ${to} [--stagger 15m]`,
  );
}

/** Whoever ends a canary before its time goes live with what was seen until then. @throws RefusedError where it is worse already */
async function inspectBaked({ stage, flags, ports }: SwitchPlace, record: SwitchRecord, since: string): Promise<void> {
  const comparison = await ports.canary.compare(record, since);
  if (comparison.verdict !== 'worse') return;
  throw new RefusedError(
    `${describeWorse(record, comparison)}\nPut back what was changed: two-region switch ${stage}${flags} --revert`,
  );
}

/** @throws RefusedError with every obstacle, and after Ctrl-C */
async function inspect(place: SwitchPlace, environment: string, hooks: SwitchHooks, remedy = ''): Promise<void> {
  hooks.onPhase?.(
    `Looking at ${environment} in ${place.without ? `the ${otherRegion(place.without)} region alone` : 'both regions'}`,
  );
  const obstacles = await place.ports.preflight(environment);
  if (obstacles.length > 0) {
    throw new RefusedError(
      `${environment} can't take live traffic; nothing was changed:\n${obstacles.map(describeObstacle).join('\n')}${remedy}`,
    );
  }
  if (hooks.signal?.aborted) throw new RefusedError('Interrupted: nothing was changed.');
}

/**
 * An alarm of the environment refuses a switch, which can wait. A rollback is told of it: what it goes back from may be worse.
 *
 * @throws RefusedError
 */
async function inspectAlarms(
  { stage, flags, ports }: SwitchPlace,
  { kind, to }: SwitchDecision,
  { onRemark }: SwitchHooks,
  allowAlarm: boolean,
): Promise<void> {
  const alarms = await ports.alarms(to);
  const on = alarms.filter(({ isOn }) => isOn);
  if (on.length > 0 && kind === 'switch' && !allowAlarm) {
    throw new RefusedError(
      `An alarm of ${to} has gone off; nothing was changed:\n${on.map(describeObstacle).join('\n')}\n` +
        `What it is about: two-region alarms ${stage}${flags}\n` +
        `If it may go live all the same: two-region switch ${stage}${flags} ${to} --allow-alarm`,
    );
  }
  for (const alarm of alarms) onRemark?.(describeObstacle(alarm).trimStart());
}

/**
 * What an environment could not read refuses a switch, which can wait. A rollback is told of it: what it goes back from may be worse.
 *
 * @throws RefusedError
 */
async function inspectData(
  { stage, flags, ports }: SwitchPlace,
  { kind, to }: SwitchDecision,
  { onPhase, onRemark }: SwitchHooks,
  allowUnreadable: boolean,
): Promise<void> {
  onPhase?.(`Reading items with what ${to} knows of them`);
  const sample = await ports.sampleData(to);
  const said = describeSample(sample, to);
  if (said !== undefined) onRemark?.(said);
  if (sample.problems.length === 0) return;
  const problems = sample.problems.map((problem) => `  ${problem}`).join('\n');
  if (kind === 'switch' && !allowUnreadable) {
    throw new RefusedError(
      `${to} can't read all that is in the tables; nothing was changed:\n${problems}\n` +
        `If that is as it should be: two-region switch ${stage}${flags} ${to} --allow-unreadable`,
    );
  }
  onRemark?.(`${to} can't read all that is in the tables:\n${problems}`);
}

/** What the live environment was asked of late, the new one is asked. @throws RefusedError where more responses differ than may */
async function inspectReplay(
  place: SwitchPlace,
  { from, to }: SwitchDecision,
  { allowed }: { readonly allowed: number },
  { onPhase, onRemark }: SwitchHooks,
): Promise<void> {
  onPhase?.(`Sending what ${from} was asked to ${to}`);
  const report = await place.replay({
    ...{ from, to, allowed },
    onProgress: (done, of) => onPhase?.(`Sending what ${from} was asked to ${to}: ${done} of ${of}`),
  });
  const said = describeReplay(report, pc.createColors(false));
  if (!report.isDifferent) return onRemark?.(said);
  const different = report.operations.reduce((all, each) => all + each.different, 0);
  if (different === 0) {
    throw new RefusedError(
      `Of what ${from} was asked nothing could be compared at ${to}; nothing was changed:\n${said}`,
    );
  }
  throw new RefusedError(
    `${to} responds otherwise than ${from}; nothing was changed:\n${said}\n` +
      `If that is as it should be: two-region switch ${place.stage}${place.flags} ${to} --replay --allow-different ${different}`,
  );
}

/** `secondary: envB is not deployed.`, indented. */
export function describeObstacle({ regionType, message }: Obstacle): string {
  return `  ${regionType === undefined ? '' : `${regionType}: `}${message.replaceAll('\n', '\n  ')}`;
}

async function newRecord(
  place: SwitchPlace,
  { kind, from, to }: SwitchDecision,
  hooks: SwitchHooks,
): Promise<SwitchRecord> {
  const [here, there] = await Promise.all([place.ports.contentHash(from), place.ports.contentHash(to)]);
  return {
    id: randomUUID(),
    kind,
    from,
    to,
    hashes: { ...(here !== undefined && { from: here }), ...(there !== undefined && { to: there }) },
    who: `${hooks.owner.user}@${hooks.owner.host}`,
    begun: new Date((hooks.now ?? Date.now)()).toISOString(),
    outcome: 'begun',
    steps: [],
  };
}
