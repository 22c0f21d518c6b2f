import type { Clock } from '#local/clock.ts';

/** A write on its way. */
export interface Queued<Write> {
  readonly write: Write;
  /** When it was made, milliseconds of the clock's `now()`. */
  readonly madeAt: number;
  /** Milliseconds that it takes beyond the lag: writes may overtake each other. @default 0 */
  readonly extra?: number;
}

/** The longest that a timer can wait (ECMAScript timers hold 31 bits). */
const MAX_DELAY_MILLISECONDS = 2 ** 31 - 1;

/** Writes on their way to one region: first in, first out unless one takes longer than others, each not before its lag is over. */
export class ReplicationQueue<Write> {
  #entries: Queued<Write>[] = [];
  /** Entries before this one are delivered. */
  #head = 0;
  #lag: number;
  #held = false;
  #cancel: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #deliver: (entry: Queued<Write>) => void;
  readonly #delivered: () => void;

  /**
   * @param clock - of the lag
   * @param lag - milliseconds
   * @param deliver - takes one write
   * @param delivered - called after each round of deliveries
   */
  constructor(clock: Clock, lag: number, deliver: (entry: Queued<Write>) => void, delivered: () => void) {
    this.#clock = clock;
    this.#lag = lag;
    this.#deliver = deliver;
    this.#delivered = delivered;
  }

  /** How many writes are on their way. */
  get length(): number {
    return this.#entries.length - this.#head;
  }

  push(entry: Queued<Write>): void {
    const isLast = dueOf(entry) >= dueOf(this.#entries.at(-1) ?? entry);
    const at = isLast
      ? -1
      : this.#entries.findIndex((each, index) => index >= this.#head && dueOf(each) > dueOf(entry));
    if (at < 0) this.#entries.push(entry);
    else this.#entries.splice(at, 0, entry);
    if (!this.#cancel || at === this.#head) this.#schedule();
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
    const wait = dueOf(next) + this.#lag - this.#clock.now();
    const deliver = () => this.#deliverDue();
    // Without lag the write arrives before the runtime reads another request, never within the write itself.
    this.#cancel =
      wait <= 0
        ? this.#clock.soon(deliver)
        : this.#clock.after(Math.min(Math.ceil(wait), MAX_DELAY_MILLISECONDS), deliver);
  }

  #deliverDue(): void {
    const latest = this.#clock.now() - this.#lag;
    for (let entry = this.#entries[this.#head]; entry && dueOf(entry) <= latest; entry = this.#entries[this.#head]) {
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

/** When it may arrive at the earliest, but for the lag. */
function dueOf({ madeAt, extra = 0 }: Queued<unknown>): number {
  return madeAt + extra;
}
