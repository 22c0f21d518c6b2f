import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { defineOperation } from './operation.ts';
import { errorBody } from './response.ts';
import { JOURNEY_USER, user, userErrors, userId } from './user.ts';

/** What the handler reads and may do. */
export const access = {
  USER_TABLE_NAME: ['dynamodb:GetItem'],
  PREVIEW_USER_TABLE_NAME: ['dynamodb:GetItem'],
} as const satisfies Access;

/** `GET /user/{id}`: one user, through mapping templates. */
export const getUser = /* @__PURE__ */ defineOperation(() => ({
  id: 'get-user',
  function: 'user',
  api: 'rest',
  method: 'GET',
  path: '/user/{id}',
  auth: 'open',
  integration: 'template',
  summary: 'Read a user',
  description: 'Reads one user by id. The environment `preview` has users of its own.',
  request: { pathParameters: z.object({ id: userId }) },
  responses: {
    200: { description: 'The user.', body: user },
    404: { description: 'There is no such user.', body: errorBody },
    ...userErrors,
  },
  access,
  examples: [{ summary: 'Read the user that was written', pathParameters: { id: 'a1B2c3D4' }, status: 200 }],
  journeys: [{ journey: 'user', step: 2, pathParameters: { id: JOURNEY_USER }, status: 200, contains: '{run}' }],
}));
