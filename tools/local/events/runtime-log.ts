import type { Failure } from '#local/failure/failure.ts';
import type { RegionType } from '#local/model/model.ts';
import { Spans } from './spans.ts';

/** Something that happened while the runtime ran. Times are milliseconds since the epoch. */
export type RuntimeEvent =
  | {
      readonly kind: 'access';
      readonly time: number;
      readonly region: RegionType;
      readonly environment: string;
      readonly logGroup: string;
      /** Of the gateway. */
      readonly requestId: string;
      /** Of X-Ray; an HTTP API's too, whose access log cannot name it. */
      readonly traceId?: string | undefined;
      readonly line: string;
    }
  | {
      readonly kind: 'function';
      readonly time: number;
      readonly region: RegionType;
      /** Alias that was invoked; empty when none was. */
      readonly environment: string;
      readonly logGroup: string;
      /** Of AWS Lambda. */
      readonly requestId: string;
      /** Of X-Ray; undefined while the function loads. */
      readonly traceId?: string | undefined;
      readonly line: string;
    }
  | {
      /** A request that a web ACL blocked, or would have blocked had it not come from this machine's own address. */
      readonly kind: 'waf';
      readonly time: number;
      readonly region: RegionType;
      readonly environment: string;
      readonly logGroup: string;
      /** Of the gateway. */
      readonly requestId: string;
      readonly traceId?: string | undefined;
      /** As AWS WAF writes it. */
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
      /** What fails, and how; absent: all that failed recovers. */
      readonly failure?: Failure | undefined;
    }
  | {
      /** The regions can't reach each other, or can again. */
      readonly kind: 'control';
      readonly time: number;
      readonly action: 'heal' | 'partition';
    }
  | {
      readonly kind: 'control';
      readonly time: number;
      readonly action: 'move';
      /** Part of the stage that leads to another environment now: `entry-primary`. */
      readonly part: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: 'control';
      readonly time: number;
      readonly action: 'deploy';
      /** That has a new release. */
      readonly environment: string;
    }
  | {
      /** The environment's aliases run other versions for a share of their invocations: 0.1; 0: none any more. */
      readonly kind: 'control';
      readonly time: number;
      readonly region: RegionType;
      readonly action: 'weigh';
      readonly environment: string;
      readonly share: number;
    }
  | {
      /** An alarm tells somebody that it went off, or is OK again. */
      readonly kind: 'alarm';
      readonly time: number;
      /** `us-east-1` for alarms on health checks. */
      readonly awsRegion: string;
      readonly name: string;
      readonly state: 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';
      readonly reason: string;
    }
  | { readonly kind: 'warning'; readonly time: number; readonly message: string };

/** How much a log keeps. */
export interface LogCapacity {
  /** @default 10,000 */
  readonly events?: number;
  /** Of the events' lines and messages. Clients and functions decide how long those are. @default 16 million */
  readonly characters?: number;
}

/** Where the services report; keeps the newest events for queries and passes each on to those who listen. */
export class RuntimeLog {
  readonly #events: RuntimeEvent[] = [];
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();
  readonly #capacity: Required<LogCapacity>;
  /** The ways of requests, beside the events. */
  readonly spans = new Spans();
  #characters = 0;

  constructor({ events = 10_000, characters = 16_000_000 }: LogCapacity = {}) {
    this.#capacity = { events, characters };
  }

  write(event: RuntimeEvent): void {
    this.#events.push(event);
    this.#characters += charactersOf(event);
    const { events, characters } = this.#capacity;
    // Trimmed in one go once half as many again have come: shifting one by one would cost every request.
    if (this.#events.length > events * 1.5 || this.#characters > characters * 1.5) this.#trim();
    for (const listener of this.#listeners) listener(event);
  }

  /** The newest event stays, however long it is. */
  #trim(): void {
    const { events, characters } = this.#capacity;
    let gone = 0;
    while (this.#events.length - gone > 1) {
      if (this.#events.length - gone <= events && this.#characters <= characters) break;
      this.#characters -= charactersOf(this.#events[gone]);
      gone += 1;
    }
    this.#events.splice(0, gone);
  }

  /** The newest events that `matches` accepts, oldest first. */
  query(matches: (event: RuntimeEvent) => boolean): RuntimeEvent[] {
    return this.#events.slice(-this.#capacity.events).filter(matches);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RuntimeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function charactersOf(event: RuntimeEvent | undefined): number {
  if (event !== undefined && 'line' in event) return event.line.length;
  return event?.kind === 'warning' ? event.message.length : 0;
}
