import { errorReason } from '#functions/error-reason.ts';
import type { JournalWriter } from '#operator/journal/journal-writer.ts';
import type { SwitchRecord, SwitchStep } from '#operator/journal/switch-journal.ts';
import { type HeldLock, LostLockError } from '#operator/lock/hold-lock.ts';
import type { RegionType } from '#stacks/context.ts';
import type { SwitchPorts, TargetPart } from './switch-ports.ts';

/** A switch under way. */
export interface Transaction {
  readonly ports: SwitchPorts;
  readonly writer: JournalWriter;
  readonly lock: HeldLock;
  readonly onStep?: (step: PlannedStep, outcome: 'begun' | 'done' | 'failed') => void;
  /** Aborted: no other step forward is begun. */
  readonly signal?: AbortSignal;
}

/** How a transaction ended. */
interface Ending {
  readonly outcome: 'done' | 'reverted' | 'stuck';
  readonly problem?: string;
}

/** A step failed, and the journal says so. */
class StepError extends Error {
  override readonly name = 'StepError';
}

/** Takes every step to the end, or puts back what was moved. */
export async function goForward(run: Transaction): Promise<Ending> {
  const { ports, writer, signal } = run;
  try {
    for (const step of forwardSteps(await ports.standby(), writer.record.to)) {
      if (signal?.aborted) throw new Error('Interrupted.');
      await takeJournalled(run, step, signal);
    }
    await writer.end('done');
    return { outcome: 'done' };
  } catch (error) {
    return putBack(run, error);
  }
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
    const failures = await takeAll(run, backwardSteps(writer.record));
    if (failures.length === 0) {
      await writer.end('reverted', problem);
      return { outcome: 'reverted', ...(problem !== undefined && { problem }) };
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
async function takeAll(run: Transaction, steps: readonly PlannedStep[]): Promise<readonly string[]> {
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

async function takeJournalled(run: Transaction, step: PlannedStep, signal?: AbortSignal): Promise<void> {
  const { ports, writer, lock, onStep } = run;
  await lock.renew();
  await writer.beginStep(step);
  onStep?.(step, 'begun');
  try {
    await takeStep(ports, step, signal);
  } catch (error) {
    onStep?.(step, 'failed');
    const problem = errorReason(error);
    await writer.endStep('failed', problem);
    throw new StepError(`Failed: ${describeStep(step)}.\n${problem}`, { cause: error });
  }
  await writer.endStep('done');
  onStep?.(step, 'done');
}

function joined(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join('\n');
}

/** A step as it is planned. */
export type PlannedStep =
  | { readonly action: 'move'; readonly subject: TargetPart; readonly environment: string }
  | { readonly action: 'verify'; readonly subject: RegionType | 'public name'; readonly environment: string };

/** The standby first and verified, then the other region, then what decides between them. */
function forwardSteps(standby: RegionType, environment: string): readonly PlannedStep[] {
  const active = standby === 'primary' ? 'secondary' : 'primary';
  return [
    ...entrySteps(standby, environment),
    ...entrySteps(active, environment),
    { action: 'move', subject: 'routing', environment },
    { action: 'verify', subject: 'public name', environment },
  ];
}

/** Puts back every part that was begun to be moved, the last one first. Whether it was moved in the end doesn't matter. */
function backwardSteps({ from, steps }: Pick<SwitchRecord, 'from' | 'steps'>): readonly PlannedStep[] {
  const moved = [...new Set(steps.filter(({ action }) => action === 'move').map(({ subject }) => subject))];
  const back = moved.reverse().flatMap((part): readonly PlannedStep[] => {
    if (part === 'entry-primary') return entrySteps('primary', from);
    if (part === 'entry-secondary') return entrySteps('secondary', from);
    return part === 'routing' ? [{ action: 'move', subject: part, environment: from }] : [];
  });
  return back.length === 0 ? [] : [...back, { action: 'verify', subject: 'public name', environment: from }];
}

function entrySteps(region: RegionType, environment: string): readonly PlannedStep[] {
  return [
    { action: 'move', subject: `entry-${region}`, environment },
    { action: 'verify', subject: region, environment },
  ];
}

/** Takes a step. @param signal - ends the waiting of a verification */
async function takeStep(ports: SwitchPorts, step: PlannedStep, signal?: AbortSignal): Promise<void> {
  if (step.action === 'move') await ports.move(step.subject, step.environment);
  else if (step.subject === 'public name') await ports.verifyPublicName(step.environment, signal);
  else await ports.verifyRegion(step.subject, step.environment, signal);
}

/** `move entry-primary to envB` */
export function describeStep({
  action,
  subject,
  environment,
}: Pick<SwitchStep, 'action' | 'subject' | 'environment'>): string {
  if (action === 'move') return `move ${subject} to ${environment}`;
  return subject === 'public name'
    ? `verify that ${environment} answers at the public name`
    : `verify that ${environment} answers in the ${subject} region`;
}
