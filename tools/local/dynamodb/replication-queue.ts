import type { ItemWrite } from '#local/dynamodb/store/item-write.ts';
import type { RegionType } from '#local/model/model.ts';

/**
 * Which write of an item each region holds. Both regions run in one process, so that counting the writes tells exactly which one was later.
 * A deleted item keeps its number, as a tombstone against older writes that are still on their way.
 */
export class WriteOrder {
  #last = 0;
  readonly #held: Readonly<Record<RegionType, Map<string, number>>> = { primary: new Map(), secondary: new Map() };

  /** Counts a write that a client made in this region. */
  next(region: RegionType, write: ItemWrite): number {
    this.#last += 1;
    this.#held[region].set(itemOf(write), this.#last);
    return this.#last;
  }

  /** Whether a write that arrives in this region is later than what it holds; if so, the region holds it from now on. */
  accept(region: RegionType, write: ItemWrite, order: number): boolean {
    const item = itemOf(write);
    if ((this.#held[region].get(item) ?? 0) >= order) return false;
    this.#held[region].set(item, order);
    return true;
  }

  /** For when no write is on its way: whatever arrives later is later. */
  forget(): void {
    this.#held.primary.clear();
    this.#held.secondary.clear();
  }
}

/** Table names hold no slash. */
const itemOf = ({ table, key }: ItemWrite): string => `${table}/${key}`;

interface QueuedWrite {
  readonly write: ItemWrite;
  /** Greater for a later write, whichever region it was made in. */
  readonly order: number;
  /** When it was made, milliseconds of `performance.now()`. */
  readonly madeAt: number;
}

/** The longest that a timer can wait (ECMAScript timers hold 31 bits). */
const MAX_DELAY_MILLISECONDS = 2 ** 31 - 1;

/** Writes on their way to one region: first in, first out, each not before its lag is over. */
export class ReplicationQueue {
  #entries: QueuedWrite[] = [];
  /** Entries before this one are delivered. */
  #head = 0;
  #lag: number;
  #held = false;
  #cancel: (() => void) | undefined;
  readonly #deliver: (entry: QueuedWrite) => void;
  readonly #delivered: () => void;

  /**
   * @param lag - milliseconds
   * @param deliver - takes one write
   * @param delivered - called after each round of deliveries
   */
  constructor(lag: number, deliver: (entry: QueuedWrite) => void, delivered: () => void) {
    this.#lag = lag;
    this.#deliver = deliver;
    this.#delivered = delivered;
  }

  /** How many writes are on their way. */
  get length(): number {
    return this.#entries.length - this.#head;
  }

  push(entry: QueuedWrite): void {
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
