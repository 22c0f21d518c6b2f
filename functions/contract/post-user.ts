import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { defineOperation } from './operation.ts';
import { JOURNEY_USER, user, userErrors, userId, userName } from './user.ts';

/** What the handler reads and may do. */
export const access = {
  USER_TABLE_NAME: ['dynamodb:PutItem'],
  PREVIEW_USER_TABLE_NAME: ['dynamodb:PutItem'],
} as const satisfies Access;

/** `POST /user/{id}`: writes one user, through mapping templates. */
export const postUser = /* @__PURE__ */ defineOperation(() => ({
  id: 'post-user',
  function: 'user',
  api: 'rest',
  method: 'POST',
  path: '/user/{id}',
  auth: 'open',
  integration: 'template',
  summary: 'Write a user',
  description: 'Writes one user, replacing whoever had the id. The environment `preview` has users of its own.',
  request: {
    pathParameters: z.object({ id: userId }),
    body: z.object({ name: userName }),
  },
  responses: {
    200: { description: 'The user as it was written.', body: user },
    ...userErrors,
  },
  access,
  examples: [
    { summary: 'Write a user', pathParameters: { id: 'a1B2c3D4' }, body: { name: 'Ada Lovelace' }, status: 200 },
  ],
  journeys: [{ journey: 'user', pathParameters: { id: JOURNEY_USER }, body: { name: '{run}' }, status: 200 }],
}));
