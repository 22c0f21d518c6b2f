import * as z from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';
import type { TableName } from '#functions/environment.ts';
import { event } from './event.ts';
import { user } from './user.ts';

/** What `GET /test` leaves in a table. */
const mark = z.object({ id: z.string(), writtenAt: z.iso.datetime(), env: z.string(), region: z.string() });

/**
 * Items of each table, as this version writes them and must be able to read them. Each release records these schemas, so that another release can be
 * asked whether it could read what this one wrote. A table of the environment preview is nobody else's.
 */
export const storedItems: Readonly<Partial<Record<TableName, $ZodType>>> = {
  'table-a': mark,
  'table-b': mark,
  user,
  'event-log': event,
};
