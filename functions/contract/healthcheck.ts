import * as z from 'zod/mini';
import type { Access } from '#functions/environment.ts';
import { defineOperation } from './operation.ts';

/** What the handler reads and may do. */
export const access = {
  TABLE_A_NAME: ['dynamodb:GetItem'],
  TABLE_B_NAME: ['dynamodb:GetItem'],
  DATA_BUCKET_NAME: ['s3:ListBucket'],
} as const satisfies Access;

/** `GET /healthcheck`: what Route 53 and operators ask; open, so that a health checker needs no key. */
export const healthcheck = /* @__PURE__ */ defineOperation(() => ({
  id: 'healthcheck',
  function: 'healthcheck',
  api: 'rest',
  method: 'GET',
  path: '/healthcheck',
  auth: 'open',
  integration: 'proxy',
  container: true,
  summary: 'Health of this region',
  description: 'Reads both tables and the bucket. With `?shallow=true` it answers without touching data.',
  request: { query: z.object({ shallow: z.optional(z.string()) }) },
  responses: {
    200: {
      description: 'The region can serve.',
      body: z.object({
        status: z.literal('ok'),
        check: z.enum(['deep', 'shallow']),
        env: z.string(),
        region: z.string(),
      }),
    },
    503: {
      description: 'A dependency did not answer.',
      body: z.object({
        status: z.literal('unavailable'),
        failing: z.array(z.enum(['bucket', 'table-a', 'table-b'])),
        /** Of these, who had not responded in time; the others responded with an error. */
        late: z.array(z.enum(['bucket', 'table-a', 'table-b'])),
        env: z.string(),
        region: z.string(),
      }),
    },
  },
  access,
  examples: [
    { summary: 'Ask the region and its data', status: 200 },
    { summary: 'Ask the region only', query: { shallow: 'true' }, status: 200 },
  ],
}));
