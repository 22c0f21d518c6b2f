import * as z from 'zod/mini';

/** An entry of the event log. The date is its partition key, the time its sort key. */
export const event = z.object({
  /** Calendar date, RFC 3339 `full-date`. */
  date: z.iso.date(),
  /** Time of day with seconds and an optional fraction, RFC 3339 `partial-time`. */
  time: z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?$/)),
  userId: z.string().check(z.minLength(1), z.maxLength(128)),
  eventType: z.string().check(z.minLength(1), z.maxLength(128)),
});
