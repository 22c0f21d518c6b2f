import type { ControlClient } from '#local/control/client.ts';
import { thisCommand, underLock } from '#operator/lock/hold-lock.ts';
import { isSameLock, type LockRecord, type LockStore, lockRecordSchema } from '#operator/lock/lock-store.ts';
import { catchUpStore } from '#operator/regions/catch-up.ts';
import type { SwitchRecords } from './stage-records.ts';
import { checkJournal, EMPTY_JOURNAL } from './switch-journal.ts';

type Documents = Pick<ControlClient, 'document' | 'replaceDocument'>;

/** Where the switches of a local runtime are recorded and excluded from each other: in the runtime itself, so that they end with it. */
export function localSwitchRecords(control: Documents): SwitchRecords {
  return {
    journal: {
      read: async () => {
        const { document } = await control.document('switch-journal');
        return document === null ? EMPTY_JOURNAL : checkJournal(document, 'What the local runtime keeps');
      },
      write: async (journal) => {
        await control.replaceDocument('switch-journal', journal);
      },
    },
    // One runtime is both regions, and no partition divides it from its commands.
    locks: [localLock(control)],
    catchUp: catchUpStore({
      read: async (_, name) => (await control.document(name)).document,
      write: async (_, name, document) => {
        await control.replaceDocument(name, document);
      },
    }),
  };
}

function localLock(control: Documents): LockStore {
  return {
    read: async () => (await readLock(control)).record,
    replace: async (expected, next) => {
      const { version, record } = await readLock(control);
      if (!isSameLock(record, expected)) return isSameLock(record, next);
      if (await control.replaceDocument('switch-lock', next ?? null, version)) return true;
      return isSameLock((await readLock(control)).record, next);
    },
  };
}

/**
 * Works on a running stage while no other command may move its target.
 *
 * @throws RefusedError, naming who is at work and until when
 */
export function underLocalLock<T>(control: Documents, work: () => Promise<T>): Promise<T> {
  return underLock(localLock(control), { owner: thisCommand() }, work);
}

async function readLock(
  control: Documents,
): Promise<{ readonly version: number; readonly record: LockRecord | undefined }> {
  const { version, document } = await control.document('switch-lock');
  return { version, record: document === null ? undefined : lockRecordSchema.parse(document) };
}
