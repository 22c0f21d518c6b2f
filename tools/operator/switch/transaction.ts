import { errorReason } from '#functions/error-reason.ts';
import type { JournalWriter } from '#operator/journal/journal-writer.ts';
import type { SwitchRecord, SwitchStep } from '#operator/journal/switch-journal.ts';
import { type HeldLock, LostLockError } from '#operator/lock/hold-lock.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import {
  backwardSteps,
  describeStep,
  entrySteps,
  otherSteps,
  type PlannedStep,
  stepsWithout,
  unweighSteps,
  weighSteps,
} from './planned-steps.ts';
import type { Responses, SwitchPorts } from './switch-ports.ts';

/** A switch under way. */
export interface Transaction {
  readonly ports: SwitchPorts;
  readonly writer: JournalWriter;
  readonly lock: HeldLock;
  readonly onStep?: (step: PlannedStep, outcome: 'begun' | 'done' | 'failed') => void;
  /** Aborted: no other step forward is begun. */
  readonly signal?: AbortSignal;
  /** The region that goes first is to be watched for so long before the other one follows. @default - not at all */
  readonly watchSeconds?: number;
  /** The new versions are to run for a share of the old environment's invocations first, for so long. @default - not at all */
  readonly bakeSeconds?: number;
  /** This command has moved the region that goes first, and watched it to the end. @default false */
  readonly isWatched?: boolean;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
}

/**
 * How a transaction ended. `watched`: the region that goes first has moved, or both have the weights of a canary, and the watch of it stands in the
 * journal as begun.
 */
interface Ending {
  readonly outcome: 'done' | 'reverted' | 'stuck' | 'watched';
  readonly problem?: string;
}

/** A step failed, and the journal says so. */
class StepError extends Error {
  override readonly name = 'StepError';
}

/** Takes every step to the end, or up to a watch; or puts back what was moved. */
export async function goForward(run: Transaction): Promise<Ending> {
  const { ports, writer, lock, signal, bakeSeconds, watchSeconds, without } = run;
  try {
    const watched = writer.record.steps.findLast(({ action }) => action === 'watch')?.subject;
    const first = without ? otherRegion(without) : isRegion(watched) ? watched : await ports.standby();
    const environment = writer.record.to;
    const take = async (steps: readonly PlannedStep[]) => {
      for (const step of steps) {
        if (signal?.aborted) throw new Error('Interrupted.');
        await takeJournalled(run, step, signal);
      }
    };
    if (bakeSeconds !== undefined) {
      await take(weighSteps(first, environment));
      if (signal?.aborted) throw new Error('Interrupted.');
      await lock.renew();
      await writer.beginStep({ action: 'bake', subject: 'both regions', environment }, bakeSeconds);
      return { outcome: 'watched' };
    }
    await take(stepsWithout(without, unweighSteps(writer.record)));
    if (!run.isWatched) await take(entrySteps(first, environment));
    if (watchSeconds !== undefined) {
      if (signal?.aborted) throw new Error('Interrupted.');
      await lock.renew();
      await writer.beginStep({ action: 'watch', subject: first, environment }, watchSeconds);
      return { outcome: 'watched' };
    }
    await take(stepsWithout(without, otherSteps(first, environment)));
    await writer.end('done');
    return { outcome: 'done' };
  } catch (error) {
    return putBack(run, wasInterrupted(error) ? new Error('Interrupted.') : error);
  }
}

function isRegion(subject: SwitchStep['subject'] | undefined): subject is RegionType {
  return subject === 'primary' || subject === 'secondary';
}

/** A verification that was waiting when the signal came. */
function wasInterrupted(error: unknown): boolean {
  return error instanceof StepError && error.cause instanceof Error && error.cause.name === 'AbortError';
}

/**
 * Puts back every part that was moved. A part that can't be put back keeps none of the others where they are.
 *
 * @param cause - what went wrong; `undefined` when it was asked for
 */
export async function putBack(run: Transaction, cause?: unknown): Promise<Ending> {
  const { writer } = run;
  // Whoever took the lock over decides what becomes of the switch, and writes the journal.
  if (cause instanceof LostLockError) return { outcome: 'stuck', problem: cause.message };
  const problem = cause === undefined ? undefined : errorReason(cause);
  try {
    const failures = await takeAll({ ...run, goesBack: true }, stepsWithout(run.without, backwardSteps(writer.record)));
    if (failures.length === 0) {
      const unwritten = await writer.end('reverted', problem).then(
        () => undefined,
        (error: unknown) => errorReason(error),
      );
      if (unwritten === undefined) return { outcome: 'reverted', ...(problem !== undefined && { problem }) };
      const left = `Everything is put back and verified, but the journal could not be written: ${unwritten}`;
      return { outcome: 'stuck', problem: joined(problem, left) };
    }
    throw new Error(failures.join('\n'));
  } catch (error) {
    if (error instanceof LostLockError) return { outcome: 'stuck', problem: joined(problem, error.message) };
    const both = joined(problem, `Putting back failed, too: ${errorReason(error)}`);
    // The record stays begun where it can't be written, which comes to the same.
    await writer.end('stuck', both).catch(() => undefined);
    return { outcome: 'stuck', problem: both };
  }
}

/** Takes every step, those after a failed one too; what could not be moved is not verified. @returns what failed */
async function takeAll(run: ReturningTransaction, steps: readonly PlannedStep[]): Promise<readonly string[]> {
  const failures: string[] = [];
  let moved = true;
  for (const step of steps) {
    if (step.action === 'verify' && !moved) continue;
    try {
      await takeJournalled(run, step);
      moved = true;
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      failures.push(error.message);
      if (step.action === 'move') moved = false;
    }
  }
  return failures;
}

interface ReturningTransaction extends Transaction {
  /**
   * Live traffic goes back also where journal or lock can't be reached: all that was moved stands in the journal by then, as begun, and the lock
   * outlives what could not be renewed. @default false
   */
  readonly goesBack?: boolean;
}

async function takeJournalled(run: ReturningTransaction, step: PlannedStep, signal?: AbortSignal): Promise<void> {
  const { ports, writer, lock, onStep, goesBack } = run;
  const recorded = async (write: Promise<void>) => {
    if (!goesBack) return write;
    await write.catch((error: unknown) => {
      if (error instanceof LostLockError) throw error;
    });
  };
  await recorded(lock.renew());
  await recorded(writer.beginStep(step));
  onStep?.(step, 'begun');
  let responses: Responses | undefined;
  try {
    responses = await takeStep(ports, step, writer.record, signal);
  } catch (error) {
    onStep?.(step, 'failed');
    const problem = errorReason(error);
    await recorded(writer.endStep('failed', { problem }));
    throw new StepError(`Failed: ${describeStep(step)}.\n${problem}`, { cause: error });
  }
  await recorded(writer.endStep('done', responses && { responses }));
  onStep?.(step, 'done');
}

/** Takes a step. @param signal - ends the waiting of a verification. @returns who answered a verification */
async function takeStep(
  ports: SwitchPorts,
  step: PlannedStep,
  { from, to, canary }: SwitchRecord,
  signal?: AbortSignal,
): Promise<Responses | undefined> {
  if (step.action === 'weigh') {
    if (canary !== undefined) await ports.canary.weigh(step.subject, { from, to, percent: canary.percent });
    return undefined;
  }
  if (step.action === 'unweigh') {
    await ports.canary.unweigh(step.subject, step.environment);
    return undefined;
  }
  if (step.action === 'move') {
    await ports.move(step.subject, step.environment);
    return undefined;
  }
  if (step.subject === 'public name') return ports.verifyPublicName(step.environment, signal);
  return ports.verifyRegion(step.subject, step.environment, signal);
}

function joined(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join('\n');
}
