import * as z from 'zod/mini';

/** How something fails, as messages and events have it; see `FailureMode`. */
export const failureModeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refuse') }),
  z.object({ kind: z.literal('drop') }),
  z.object({ kind: z.literal('slow'), milliseconds: z.number().check(z.minimum(0), z.maximum(3_600_000)) }),
  z.object({ kind: z.literal('errors'), share: z.number().check(z.minimum(0), z.maximum(1)) }),
]);

/** Body of `POST /regions/<region>/fail`. */
export const failureSchema = z.object({ part: z.string(), mode: failureModeSchema });

const range = z.object({ atLeast: z.number(), atMost: z.number() });

/** Of one kind of fault: until the health check has noticed, and until clients that keep an answer no longer than its TTL are led elsewhere. */
export const predictedFaultSchema = z.object({ notice: range, recovery: range });

export type PredictedFault = z.infer<typeof predictedFaultSchema>;

/** What the health checks will make of a failure. */
export const predictedFailureSchema = z.discriminatedUnion('noticed', [
  z.extend(predictedFaultSchema, {
    noticed: z.literal(true),
    fault: z.enum(['dropped', 'refused', 'silent']),
    /** Names of the health checks that notice: each API has its own. */
    checks: z.array(z.string()),
  }),
  z.object({ noticed: z.literal(false), reason: z.string() }),
]);
export type PredictedFailure = z.infer<typeof predictedFailureSchema>;
