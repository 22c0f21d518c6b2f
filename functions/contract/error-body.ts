import * as z from 'zod/mini';

/** Body of every answer that no operation declares: what a gateway refuses, and what a handler could not do. */
export const errorBody = z.object({
  /** Safe to show to anybody. */
  error: z.string(),
  /** API Gateway's request id, which access log and function log carry too. */
  requestId: z.string(),
});
