import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EMPTY_JOURNAL, type JournalStore, parseJournal } from './switch-journal.ts';

/** A journal in a file: replaced by a rename, so that a kill leaves it whole. */
export function fileJournalStore(file: string): JournalStore {
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? EMPTY_JOURNAL : parseJournal(text, file);
    },
    write: async (journal) => {
      await mkdir(dirname(file), { recursive: true });
      const next = `${file}.${process.pid}`;
      await writeFile(next, `${JSON.stringify(journal, null, 2)}\n`, { flush: true });
      await rename(next, file);
    },
  };
}
