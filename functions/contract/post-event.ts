import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { event, JOURNEY_DATE } from './event.ts';
import { defineOperation } from './operation.ts';
import { errorBody } from './response.ts';
import { text } from './text.ts';

/** What the handler reads and may do. */
export const access = {
  EVENT_TABLE_NAME: ['dynamodb:PutItem'],
  PREVIEW_EVENT_TABLE_NAME: ['dynamodb:PutItem'],
  METRIC_NAMESPACE: [],
} as const satisfies Access;

/** Header that marks the attempts at storing one event. */
export const IDEMPOTENCY_KEY = 'idempotency-key';

/** `POST /events`: adds to the event log, for IAM principals. */
export const postEvent = /* @__PURE__ */ defineOperation(() => ({
  id: 'post-event',
  function: 'events',
  api: 'http',
  method: 'POST',
  path: '/events',
  auth: 'iam',
  integration: 'proxy',
  summary: 'Record an event',
  idempotencyHeader: IDEMPOTENCY_KEY,
  description:
    'Stores one event. An event of the same date and time is replaced, unless `idempotency-key` is sent: then it stays, and only the same key may store it again.',
  request: { headers: z.object({ [IDEMPOTENCY_KEY]: z.optional(text({ maxLength: 128 })) }), body: event },
  responses: {
    200: { description: '`Put item <userId>`.', body: z.string() },
    400: { description: 'The body is not an event; the error says why.', body: errorBody },
    409: { description: 'Another event has this date and time.', body: errorBody },
  },
  access,
  examples: [
    {
      summary: 'Record a login',
      body: { date: '2021-08-28', time: '14:19:00.000', userId: 'EX8C9MRZfhL', eventType: 'login' },
      status: 200,
    },
  ],
  journeys: [
    {
      journey: 'event',
      body: { date: JOURNEY_DATE, time: '00:00:00.{place}', userId: '{run}', eventType: 'journey' },
      status: 200,
    },
  ],
}));
