import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { defineOperation } from './operation.ts';

/** What the handler reads and may do. */
export const access = {
  EVENT_TABLE_NAME: ['dynamodb:Query'],
  PREVIEW_EVENT_TABLE_NAME: ['dynamodb:Query'],
} as const satisfies Access;

/**
 * `GET /events/healthcheck`: what the health check of the HTTP API's name asks, of the function that serves the events themselves; open, so that
 * a health checker needs no credentials.
 */
export const eventsHealthcheck = /* @__PURE__ */ defineOperation(() => ({
  id: 'events-healthcheck',
  function: 'events',
  api: 'http',
  method: 'GET',
  path: '/events/healthcheck',
  auth: 'open',
  integration: 'proxy',
  summary: 'Health of the event log in this region',
  description: 'Reads the event log. With `?shallow=true` it answers without touching data.',
  request: { query: z.object({ shallow: z.optional(z.string()) }) },
  responses: {
    200: {
      description: 'The region can serve events.',
      body: z.object({
        status: z.literal('ok'),
        check: z.enum(['deep', 'shallow']),
        env: z.string(),
        region: z.string(),
      }),
    },
    503: {
      description: 'The event log did not answer.',
      body: z.object({
        status: z.literal('unavailable'),
        failing: z.array(z.enum(['event-log'])),
        /** Of these, who had not responded in time; the others responded with an error. */
        late: z.array(z.enum(['event-log'])),
        env: z.string(),
        region: z.string(),
      }),
    },
  },
  access,
  examples: [
    { summary: 'Ask the region and the event log', status: 200 },
    { summary: 'Ask the region only', query: { shallow: 'true' }, status: 200 },
  ],
}));
