import type { Clock } from '#local/clock.ts';

interface Timer {
  readonly due: number;
  /** Of two that are due at once the first that was set comes first. */
  readonly order: number;
  readonly work: () => void;
}

/** Time that passes only when somebody lets it, and jumps from one thing that is due to the next: an hour takes some milliseconds. */
export class VirtualClock implements Clock {
  #now = 0;
  #orders = 0;
  /** A binary heap: the next one that is due is the first. */
  readonly #timers: Timer[] = [];
  readonly #cancelled = new Set<Timer>();
  /** Milliseconds since the epoch at which it begins. */
  readonly #start: number;

  constructor(start = Date.UTC(2030, 0, 1)) {
    this.#start = start;
  }

  now(): number {
    return this.#now;
  }

  time(): number {
    return this.#start + this.#now;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { due: this.#now + Math.max(0, milliseconds), order: ++this.#orders, work };
    push(this.#timers, timer);
    return () => this.#cancelled.add(timer);
  }

  soon(work: () => void): () => void {
    return this.after(0, work);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Lets time pass, and all happen that is due by then. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (let next = this.#timers[0]; next && next.due <= until; next = this.#timers[0]) {
      pop(this.#timers);
      if (this.#cancelled.delete(next)) continue;
      this.#now = next.due;
      next.work();
      await settled();
    }
    this.#now = until;
  }
}

/** What promises bring about is done before anything else is due. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Timer | undefined, other: Timer | undefined): boolean {
  if (one === undefined || other === undefined) return other === undefined;
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}

function push(heap: Timer[], timer: Timer): void {
  heap.push(timer);
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!isBefore(heap[at], heap[parent])) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const child = right < heap.length && isBefore(heap[right], heap[left]) ? right : left;
    if (child >= heap.length || !isBefore(heap[child], heap[at])) return;
    swap(heap, at, child);
    at = child;
  }
}

function swap(heap: Timer[], one: number, other: number): void {
  const [first, second] = [heap[one], heap[other]];
  if (first === undefined || second === undefined) return;
  heap[one] = second;
  heap[other] = first;
}
