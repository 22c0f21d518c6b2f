import type { RegionType } from './model/model.ts';

/** Something that happened while the runtime ran. Times are milliseconds since the epoch. */
export type RuntimeEvent =
  | {
      readonly kind: 'access';
      readonly time: number;
      readonly region: RegionType;
      readonly environment: string;
      readonly logGroup: string;
      readonly line: string;
    }
  | {
      readonly kind: 'function';
      readonly time: number;
      readonly region: RegionType;
      readonly logGroup: string;
      readonly requestId: string;
      readonly line: string;
    }
  | {
      readonly kind: 'health';
      readonly time: number;
      readonly healthCheck: string;
      readonly status: 'healthy' | 'unhealthy';
      readonly reason: string;
    }
  | {
      readonly kind: 'dns';
      readonly time: number;
      readonly name: string;
      readonly from?: RegionType;
      readonly to: RegionType;
    }
  | {
      /** Clients of a public name were led elsewhere: their resolver's answer ran out after Route 53 had changed it. */
      readonly kind: 'entry';
      readonly time: number;
      readonly name: string;
      readonly from: RegionType;
      readonly to: RegionType;
    }
  | {
      readonly kind: 'control';
      readonly time: number;
      readonly region: RegionType;
      readonly action: 'fail' | 'recover';
    }
  | { readonly kind: 'warning'; readonly time: number; readonly message: string };

/** Where the services report; keeps the newest events for queries and passes each on to those who listen. */
export class RuntimeLog {
  readonly #events: RuntimeEvent[] = [];
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();
  readonly #capacity: number;

  /** @param capacity - how many events are kept, 10,000 by default */
  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  write(event: RuntimeEvent): void {
    this.#events.push(event);
    // Trimmed in one go once half as many again have come: shifting one by one would cost every request.
    if (this.#events.length > this.#capacity * 1.5) this.#events.splice(0, this.#events.length - this.#capacity);
    for (const listener of this.#listeners) listener(event);
  }

  /** The newest events that `matches` accepts, oldest first. */
  query(matches: (event: RuntimeEvent) => boolean): RuntimeEvent[] {
    return this.#events.slice(-this.#capacity).filter(matches);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RuntimeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
