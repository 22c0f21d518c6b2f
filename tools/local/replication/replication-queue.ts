/** A write on its way. */
export interface Queued<Write> {
  readonly write: Write;
  /** When it was made, milliseconds of `performance.now()`. */
  readonly madeAt: number;
}

/** The longest that a timer can wait (ECMAScript timers hold 31 bits). */
const MAX_DELAY_MILLISECONDS = 2 ** 31 - 1;

/** Writes on their way to one region: first in, first out, each not before its lag is over. */
export class ReplicationQueue<Write> {
  #entries: Queued<Write>[] = [];
  /** Entries before this one are delivered. */
  #head = 0;
  #lag: number;
  #held = false;
  #cancel: (() => void) | undefined;
  readonly #deliver: (entry: Queued<Write>) => void;
  readonly #delivered: () => void;

  /**
   * @param lag - milliseconds
   * @param deliver - takes one write
   * @param delivered - called after each round of deliveries
   */
  constructor(lag: number, deliver: (entry: Queued<Write>) => void, delivered: () => void) {
    this.#lag = lag;
    this.#deliver = deliver;
    this.#delivered = delivered;
  }

  /** How many writes are on their way. */
  get length(): number {
    return this.#entries.length - this.#head;
  }

  push(entry: Queued<Write>): void {
    this.#entries.push(entry);
    if (!this.#cancel) this.#schedule();
  }

  /** Applies to what is on its way, too. */
  setLag(milliseconds: number): void {
    this.#lag = milliseconds;
    this.#schedule();
  }

  /** Keeps the writes until `release`. */
  hold(): void {
    this.#held = true;
    this.#schedule();
  }

  release(): void {
    this.#held = false;
    this.#schedule();
  }

  /** Drops what is on its way. */
  close(): void {
    this.#entries = [];
    this.#head = 0;
    this.hold();
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const next = this.#entries[this.#head];
    if (!next || this.#held) return;
    const wait = next.madeAt + this.#lag - performance.now();
    // Without lag the write arrives before the runtime reads another request, never within the write itself.
    if (wait <= 0) {
      const immediate = setImmediate(() => this.#deliverDue());
      this.#cancel = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => this.#deliverDue(), Math.min(Math.ceil(wait), MAX_DELAY_MILLISECONDS));
      this.#cancel = () => clearTimeout(timer);
    }
  }

  #deliverDue(): void {
    const latest = performance.now() - this.#lag;
    for (let entry = this.#entries[this.#head]; entry && entry.madeAt <= latest; entry = this.#entries[this.#head]) {
      this.#head += 1;
      this.#deliver(entry);
    }
    if (this.#head * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
    this.#schedule();
    this.#delivered();
  }
}
