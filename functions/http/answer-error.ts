import type { Logger } from '@aws-lambda-powertools/logger';
import type { output } from 'zod/v4/core';
import type { errorBody } from '../contract/error-body.ts';
import { BadRequestError } from './bad-request-error.ts';

/** What a client is told of a failed request. */
export interface Failure {
  readonly status: 400 | 500;
  readonly body: output<typeof errorBody>;
}

/** Turns what an operation threw into an answer: the client's mistake with its cause, anything else logged and without. */
export function answerError(error: unknown, requestId: string, log: Pick<Logger, 'error'>): Failure {
  if (error instanceof BadRequestError) return { status: 400, body: { error: error.message, requestId } };
  log.error('The request failed', { error, requestId });
  return { status: 500, body: { error: 'Internal server error', requestId } };
}
