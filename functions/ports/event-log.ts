import type { Event } from '#contract/event.ts';

/** Place of an event in the log. */
export type EventKey = Pick<Event, 'date' | 'time'>;

/** Which part of a listing to read. */
export interface PageRequest {
  /** Events at most. */
  readonly limit: number;
  /** Where the page before ended. @default - from the start */
  readonly after?: EventKey;
}

/** A part of a listing. */
export interface EventPage {
  readonly events: Event[];
  /** Where the page ended; undefined when nothing follows. A page that has it may still be the last one. */
  readonly end?: EventKey;
}

/** The log of events. */
export interface EventLog {
  /**
   * Stores an event in place of the one with the same date and time.
   *
   * @param idempotencyKey - with it an event of that date and time stays, unless it was stored with the same key. @default - it is replaced
   * @returns false where another event has stayed
   */
  put(event: Event, idempotencyKey?: string): Promise<boolean>;

  /** Reads events of one date, in order of time. */
  ofDate(date: string, page: PageRequest): Promise<EventPage>;

  /** Reads events of all dates, in an order of the table's own. */
  all(page: PageRequest): Promise<EventPage>;
}
