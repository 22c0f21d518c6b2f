import {
  type JournalStore,
  type SwitchJournal,
  type SwitchRecord,
  type SwitchStep,
  withRecord,
} from './switch-journal.ts';

/** Writes what becomes of one switch, each time before the next thing happens. */
export class JournalWriter {
  readonly #store: JournalStore;
  readonly #now: () => number;
  #journal: SwitchJournal;
  #record: SwitchRecord;

  /** @param journal - as it was read under the lock */
  constructor(store: JournalStore, journal: SwitchJournal, record: SwitchRecord, now: () => number) {
    this.#store = store;
    this.#journal = journal;
    this.#record = record;
    this.#now = now;
  }

  get record(): SwitchRecord {
    return this.#record;
  }

  /** The switch is under way, from its begin or again. */
  begin(): Promise<void> {
    const { ended: _, ...record } = this.#record;
    return this.#write({ ...record, outcome: 'begun' });
  }

  /** @param seconds - how long a watch is to last */
  beginStep(step: Pick<SwitchStep, 'action' | 'subject' | 'environment'>, seconds?: number): Promise<void> {
    const { action, subject, environment } = step;
    const until = seconds !== undefined && { until: new Date(this.#now() + 1000 * seconds).toISOString() };
    const begun: SwitchStep = { action, subject, environment, begun: this.#time(), outcome: 'begun', ...until };
    return this.#write({ ...this.#record, steps: [...this.#record.steps, begun] });
  }

  /** Ends the step that was begun last. */
  endStep(outcome: 'done' | 'failed', found: Pick<SwitchStep, 'problem' | 'responses'> = {}): Promise<void> {
    const steps = this.#record.steps.map((step, at, { length }) =>
      at === length - 1 ? { ...step, outcome, ended: this.#time(), ...found } : step,
    );
    return this.#write({ ...this.#record, steps });
  }

  end(outcome: 'done' | 'reverted' | 'stuck', cause?: string): Promise<void> {
    return this.#write({ ...this.#record, outcome, ended: this.#time(), ...(cause !== undefined && { cause }) });
  }

  async #write(record: SwitchRecord): Promise<void> {
    this.#record = record;
    this.#journal = withRecord(this.#journal, record);
    await this.#store.write(this.#journal);
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
