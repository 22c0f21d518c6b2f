import * as z from 'zod/mini';
import type { output } from 'zod/v4/core';
import type { Operation } from './operation.ts';

/** Body of every answer that no operation declares: what a gateway refuses, and what a handler could not do. */
export const errorBody = z.object({
  /** Safe to show to anybody. */
  error: z.string(),
  /** API Gateway's request id, which access log and function log carry too. */
  requestId: z.string(),
});

/** Status codes that an operation declares. */
export type Status<T extends Operation> = keyof T['responses'] & number;

/** Body that an operation declares for a status code. */
export type Body<T extends Operation, S extends Status<T>> = output<T['responses'][S]['body']>;

/** What an operation may answer: one of its status codes with the body that belongs to it, and nothing else. */
export type ResponseOf<T extends Operation> = {
  readonly [S in Status<T>]: { readonly status: S; readonly body: Body<T, S> };
}[Status<T>];

/** Names of an operation's query string parameters; none when it declares none. */
export type QueryName<T extends Operation> = T['request'] extends { readonly query: infer Query }
  ? keyof output<Query> & string
  : never;
