import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { event, JOURNEY_DATE } from './event.ts';
import { defineOperation } from './operation.ts';
import { errorBody } from './response.ts';

/** What the handler reads and may do. */
export const access = {
  EVENT_TABLE_NAME: ['dynamodb:Query', 'dynamodb:Scan'],
  PREVIEW_EVENT_TABLE_NAME: ['dynamodb:Query', 'dynamodb:Scan'],
} as const satisfies Access;

/** `GET /events`: pages through the event log, for IAM principals. */
export const listEvents = /* @__PURE__ */ defineOperation(() => ({
  id: 'list-events',
  function: 'events',
  api: 'http',
  method: 'GET',
  path: '/events',
  auth: 'iam',
  integration: 'proxy',
  summary: 'List events',
  description:
    'Lists events, of one date in order of time or of all dates. `Next` of one page is `next` of the request for the following one.',
  request: {
    query: z.object({
      /** Only events of this date. */
      date: z.optional(z.iso.date()),
      /** Events on a page, 1 to 1000; 100 when it is left out. */
      limit: z.optional(
        z.string().check(z.regex(/^([1-9]\d{0,2}|1000)$/, 'Invalid limit: expected a whole number from 1 to 1000')),
      ),
      /** Continuation token. */
      next: z.optional(z.string()),
    }),
  },
  responses: {
    200: {
      description: 'A page of events.',
      body: z.object({ Items: z.array(event), Count: z.number(), Next: z.optional(z.string()) }),
    },
    400: { description: 'A parameter is not acceptable; the error says which.', body: errorBody },
  },
  access,
  // It is opaque, and each release may write it its own way.
  replay: { ignoredFields: ['Next'] },
  examples: [
    { summary: 'The first events of a day', query: { date: '2021-08-28', limit: '10' }, status: 200 },
    { summary: 'All events', status: 200 },
  ],
  journeys: [{ journey: 'event', step: 2, query: { date: JOURNEY_DATE }, status: 200, contains: '{run}' }],
}));
