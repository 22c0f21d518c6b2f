import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { defineOperation } from './operation.ts';
import { errorBody } from './response.ts';

/** What the handler reads and may do. */
export const access = { REPLACEMENT_MAP_PARAMETER: ['ssm:GetParameter'] } as const satisfies Access;

/** `POST /string/replace`: replaces whole words by the map in Parameter Store. */
export const replaceString = /* @__PURE__ */ defineOperation(() => ({
  id: 'replace-string',
  function: 'string-replace',
  api: 'rest',
  method: 'POST',
  path: '/string/replace',
  auth: 'apiKey',
  integration: 'proxy',
  container: true,
  isRepeatable: true,
  summary: 'Replace words',
  description:
    'Replaces every whole word that is a key of the replacement map by its value, whatever its case. The map is a parameter of the stage.',
  request: {
    headers: z.object({ 'content-type': z.string() }),
    body: z.object({ content: z.string().check(z.maxLength(1_000_000)) }),
  },
  responses: {
    200: { description: 'The content with the words replaced.', body: z.object({ content: z.string() }) },
    400: { description: 'The content is missing, not a string, or too long.', body: errorBody },
    503: { description: 'The replacement map cannot be read.', body: errorBody },
  },
  access,
  replay: { isSafe: true },
  examples: [{ summary: 'Replace a word', body: { content: 'The colour of the centre' }, status: 200 }],
  journeys: [{ journey: 'replace-string', body: { content: '{run}' }, status: 200, contains: '{run}' }],
}));
