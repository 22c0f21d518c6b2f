import type { Logger } from '@aws-lambda-powertools/logger';
import type { output } from 'zod/v4/core';
import type { errorBody } from '#contract/response.ts';

/** The client's problem: the response is 400 and the message, which must be safe to show to anybody. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}

/** What a client is told of a failed request. */
interface Failure {
  readonly status: 400 | 500;
  readonly body: output<typeof errorBody>;
}

/** Turns what an operation threw into a response: the client's problem with its cause, anything else logged and without. */
export function errorResponse(error: unknown, requestId: string, log: Pick<Logger, 'error'>): Failure {
  if (error instanceof BadRequestError) return { status: 400, body: { error: error.message, requestId } };
  log.error('The request failed', { error, requestId });
  return { status: 500, body: { error: 'Internal server error', requestId } };
}
