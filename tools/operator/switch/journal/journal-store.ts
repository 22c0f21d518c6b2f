import type { SwitchJournal } from '../../journal/switch-journal.ts';

/** Keeps a stage's journal of switches as one document. */
export interface JournalStore {
  /** @returns an empty journal before the first switch. @throws JournalError when the document isn't a journal */
  readonly read: () => Promise<SwitchJournal>;
  /** Replaces the document as a whole: a reader sees it before or after, never in between. */
  readonly write: (journal: SwitchJournal) => Promise<void>;
}
