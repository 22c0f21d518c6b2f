import type { Logger } from '@aws-lambda-powertools/logger';
import type { output } from 'zod/v4/core';
import type { errorBody } from '#contract/answer.ts';

/** The client's mistake: answered with 400 and the message, which must be safe to show to anybody. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}

/** What a client is told of a failed request. */
interface Failure {
  readonly status: 400 | 500;
  readonly body: output<typeof errorBody>;
}

/** Turns what an operation threw into an answer: the client's mistake with its cause, anything else logged and without. */
export function answerError(error: unknown, requestId: string, log: Pick<Logger, 'error'>): Failure {
  if (error instanceof BadRequestError) return { status: 400, body: { error: error.message, requestId } };
  log.error('The request failed', { error, requestId });
  return { status: 500, body: { error: 'Internal server error', requestId } };
}

/** The part of a proxy integration's result that both kinds of API share. */
interface JsonAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** An answer as JSON that nobody may cache. */
export function jsonAnswer({ status, body }: { readonly status: number; readonly body: unknown }): JsonAnswer {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
