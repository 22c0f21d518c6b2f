import { randomUUID } from 'node:crypto';
import { RefusedError } from '#operator/cli/errors.ts';
import { JournalWriter } from '#operator/journal/journal-writer.ts';
import type { SwitchJournal, SwitchRecord } from '#operator/journal/switch-journal.ts';
import { unfinishedSwitch, waysOut } from '#operator/journal/unfinished.ts';
import { type HeldLock, type LockOptions, underLock } from '#operator/lock/hold-lock.ts';
import { decideSwitch, requireKnown, type SwitchDecision } from './decide-switch.ts';
import {
  isAllBack,
  type Obstacle,
  reportedSteps,
  type SwitchPlace,
  type SwitchReport,
  type SwitchRequest,
} from './switch-ports.ts';
import { goForward, type PlannedStep, putBack, type Transaction } from './transaction.ts';

/** What a switch needs of the command that runs it. */
export interface SwitchHooks extends LockOptions {
  /** Asked when everything was found in order. @throws RefusedError or CancelledError when it must not be */
  readonly confirm: (change: SwitchDecision & { readonly action: SwitchRequest['kind'] }) => Promise<void>;
  /** What is being done, before the first step. */
  readonly onPhase?: (text: string) => void;
  readonly onStep?: (step: PlannedStep, outcome: 'begun' | 'done' | 'failed') => void;
  /** Aborted: the step under way is finished, and everything is put back. */
  readonly signal?: AbortSignal;
}

/** A switch that is about to run. */
interface Prepared {
  readonly record: SwitchRecord;
  readonly direction: 'back' | 'forward';
}

/**
 * Moves live traffic from one environment to another: the standby region, the other one, routing, each verified before the next. Whatever
 * fails, what was moved is put back. Every step stands in the journal before it is begun, so that a command that was killed can be
 * resumed or reverted.
 *
 * @returns what became of it, also when it failed and was put back
 * @throws RefusedError, TargetDisagreementError, CancelledError, LostLockError: nothing was changed
 */
export async function switchStage(
  place: SwitchPlace,
  request: SwitchRequest,
  hooks: SwitchHooks,
): Promise<SwitchReport> {
  const start = performance.now();
  requireKnown(place, request);
  return underLock(place.lock, hooks, async (lock) => {
    const journal = await place.journal.read();
    const prepared = await prepare(place, journal, request, hooks);
    const { record, direction } = prepared;
    const report = (outcome: SwitchReport['outcome'], now: SwitchRecord, problem?: string): SwitchReport => ({
      stage: place.stage,
      from: record.from,
      to: record.to,
      outcome,
      seconds: Math.round(performance.now() - start) / 1000,
      steps: reportedSteps(now, record.steps.length),
      ...(problem !== undefined && { problem }),
      ...(outcome === 'stuck' && isAllBack(now) && { isAllBack: true }),
    });
    if (record.from === record.to) return report('unchanged', record);
    const writer = new JournalWriter(place.journal, journal, record, hooks.now ?? Date.now);
    const run = transaction(place, hooks, writer, lock);
    // A question may have stood unanswered for longer than the lock lasts.
    await lock.renew();
    await writer.begin();
    const { outcome, problem } = direction === 'forward' ? await goForward(run) : await putBack(run);
    const advice = outcome === 'stuck' ? `${problem ?? ''}\n${waysOut(place, record)}` : problem;
    return report(outcome, writer.record, advice);
  });
}

async function prepare(
  place: SwitchPlace,
  journal: SwitchJournal,
  request: SwitchRequest,
  hooks: SwitchHooks,
): Promise<Prepared> {
  if (request.kind === 'switch' || request.kind === 'rollback') {
    const decision = await decideSwitch(place, journal, request);
    if (decision.from !== decision.to) {
      await inspect(place, decision.to, hooks);
      await hooks.confirm({ ...decision, action: request.kind });
    }
    return { record: await newRecord(place, decision, hooks), direction: 'forward' };
  }
  const record = unfinishedSwitch(place, journal);
  const { kind, from, to } = record;
  if (request.kind === 'revert') {
    await hooks.confirm({ kind, from: to, to: from, action: 'revert' });
    return { record, direction: 'back' };
  }
  await inspect(place, to, hooks, `\nPut back what was moved: two-region switch ${place.stage}${place.flags} --revert`);
  await hooks.confirm({ kind, from, to, action: 'resume' });
  return { record, direction: 'forward' };
}

/** @throws RefusedError with every obstacle, and after Ctrl-C */
async function inspect(place: SwitchPlace, environment: string, hooks: SwitchHooks, remedy = ''): Promise<void> {
  hooks.onPhase?.(`Looking at ${environment} in both regions`);
  const obstacles = await place.ports.preflight(environment);
  if (obstacles.length > 0) {
    throw new RefusedError(
      `${environment} can't take live traffic; nothing was changed:\n${obstacles.map(describe).join('\n')}${remedy}`,
    );
  }
  if (hooks.signal?.aborted) throw new RefusedError('Interrupted: nothing was changed.');
}

function describe({ regionType, message }: Obstacle): string {
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

function transaction(place: SwitchPlace, hooks: SwitchHooks, writer: JournalWriter, lock: HeldLock): Transaction {
  const { onStep, signal } = hooks;
  return { ports: place.ports, writer, lock, ...(onStep && { onStep }), ...(signal && { signal }) };
}
