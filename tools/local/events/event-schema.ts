import * as z from 'zod/mini';
import { failureSchema } from '#local/failure/failure-schema.ts';

const regionType = z.enum(['primary', 'secondary']);
/** Milliseconds since the epoch. */
const time = z.number();
const line = {
  time,
  region: regionType,
  environment: z.string(),
  logGroup: z.string(),
  requestId: z.string(),
  traceId: z.optional(z.string()),
  line: z.string(),
};
const move = { time, name: z.string(), from: z.optional(regionType), to: regionType };

/** An event of the runtime's log, as `GET /events` sends it. */
export const eventSchema = z.union([
  z.object({ kind: z.literal('access'), ...line }),
  z.object({ kind: z.literal('function'), ...line }),
  z.object({ kind: z.literal('waf'), ...line }),
  z.object({
    kind: z.literal('health'),
    time,
    healthCheck: z.string(),
    status: z.enum(['healthy', 'unhealthy']),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('dns'), ...move }),
  z.object({ kind: z.literal('entry'), ...move, from: regionType }),
  z.object({
    kind: z.literal('control'),
    time,
    action: z.enum(['fail', 'recover']),
    region: regionType,
    failure: z.optional(failureSchema),
  }),
  z.object({ kind: z.literal('control'), time, action: z.enum(['heal', 'partition']) }),
  z.object({
    kind: z.literal('control'),
    time,
    action: z.literal('move'),
    part: z.string(),
    from: z.string(),
    to: z.string(),
  }),
  z.object({ kind: z.literal('control'), time, action: z.literal('deploy'), environment: z.string() }),
  z.object({
    kind: z.literal('control'),
    time,
    region: regionType,
    action: z.literal('weigh'),
    environment: z.string(),
    share: z.number(),
  }),
  z.object({
    kind: z.literal('alarm'),
    time,
    awsRegion: z.string(),
    name: z.string(),
    state: z.enum(['ALARM', 'INSUFFICIENT_DATA', 'OK']),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('warning'), time, message: z.string() }),
]);
