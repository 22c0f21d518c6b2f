import * as z from 'zod/mini';
import { text } from './text.ts';

/** An entry of the event log. The date is its partition key, the time its sort key. */
export const event = z.object({
  /** Calendar date, RFC 3339 `full-date`. */
  date: z.iso.date(),
  /** Time of day with seconds and an optional fraction, RFC 3339 `partial-time`. */
  time: z
    .string()
    .check(
      z.regex(
        /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?$/,
        'Invalid time: expected one such as 14:19:00 or 14:19:00.000',
      ),
    ),
  userId: text({ maxLength: 128 }),
  eventType: text({ maxLength: 128 }),
});

/** Date of the events that journeys store: nothing that happens has it, and business metrics leave it out. */
export const JOURNEY_DATE = '0001-01-01';

/** An entry of the event log, as it is stored and shown. */
export type Event = z.output<typeof event>;
