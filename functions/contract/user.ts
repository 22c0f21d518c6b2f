import * as z from 'zod/mini';
import { errorBody } from './response.ts';
import { text } from './text.ts';

/** What may be a user's id. */
export const userId = z
  .string()
  .check(z.regex(/^[0-9A-Za-z]{8,64}$/, 'Invalid id: expected 8 to 64 letters and digits, ASCII only'));

/** What may be a user's name. */
export const userName = text({ maxLength: 1024 });

/** A user as the API shows it. */
export const user = z.object({ id: userId, name: z.string() });

/** Id of the user that journeys write and read: of the longest ids, so that nobody happens to have it. */
export const JOURNEY_USER = `journeysOfTheContract${'0'.repeat(42)}{place}`;

/** Answers that both of the user's operations share. */
export const userErrors = {
  400: { description: 'The id or the name is not acceptable.', body: errorBody },
  500: { description: 'The user could not be read or written.', body: errorBody },
} as const;
