import { underLock } from '#operator/lock/hold-lock.ts';
import { thisCommand } from '#operator/lock/owner.ts';
import { awsSwitchRecords } from '#operator/switch/aws/aws-switch-place.ts';
import type { StageContext } from '#stacks/context.ts';

/**
 * Works on a stage while no other command may move its target: whoever applies a stack passes on the target that it read before.
 *
 * @throws RefusedError, naming who is at work and until when; StateStorageError where the lock table is missing
 */
export function underStageLock<T>(context: StageContext, work: () => Promise<T>): Promise<T> {
  return underLock(awsSwitchRecords(context).lock, { owner: thisCommand() }, work);
}
