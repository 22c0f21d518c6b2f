import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { defineOperation } from './operation.ts';

/** What the handler reads and may do. */
export const access = {
  STAGE: [],
  REGION_TYPE: [],
  TABLE_A_NAME: ['dynamodb:PutItem'],
  TABLE_B_NAME: ['dynamodb:PutItem'],
  DATA_BUCKET_NAME: ['s3:PutObject'],
} as const satisfies Access;

/** `GET /test`: writes to everything that replicates, and says who answered. */
export const test = /* @__PURE__ */ defineOperation(() => ({
  id: 'test',
  function: 'test',
  api: 'rest',
  method: 'GET',
  path: '/test',
  auth: 'apiKey',
  integration: 'proxy',
  summary: 'Write to both tables and the bucket',
  description:
    'Writes an item to both tables and an object to the bucket, and says which environment, stage and region answered.',
  request: {},
  responses: {
    200: {
      description: 'All three were written.',
      body: z.object({
        env: z.string(),
        stage: z.string(),
        region: z.string(),
        regionType: z.enum(['primary', 'secondary']),
        written: z.object({ 'table-a': z.string(), 'table-b': z.string(), bucket: z.string() }),
      }),
    },
  },
  access,
  examples: [{ summary: 'Write everywhere', status: 200 }],
}));
