import * as z from 'zod/mini';
import type { $ZodType, output } from 'zod/v4/core';
import type { Operation, OperationResponse } from './operation.ts';

/** Body of every answer that no operation declares: what a gateway refuses, and what a handler could not do. */
export const errorBody = z.object({
  /** Safe to show to anybody. */
  error: z.string(),
  /** API Gateway's request id, which access log and function log carry too. */
  requestId: z.string(),
});

/** Status codes that an operation declares. */
export type Status<T extends Operation> = keyof T['responses'] & number;

/** What is sent with a status code: JSON of the declared schema, text or bytes of the declared media type, or nothing. */
type Content<R> = OperationResponse extends R
  ? { readonly body?: unknown; readonly mediaType?: string } // Of an operation that is not known.
  : R extends { readonly body: infer Schema extends $ZodType }
    ? { readonly body: output<Schema> }
    : R extends { readonly mediaType: infer MediaType extends string }
      ? { readonly mediaType: MediaType; readonly body: string | Uint8Array }
      : { readonly body?: undefined };

/** What an operation may respond: one of its status codes with the content that belongs to it, and nothing else. */
export type ResponseOf<T extends Operation> = {
  readonly [S in Status<T>]: {
    readonly status: S;
    /** Names in lower case: `location`, `etag`, `cache-control`, which is `no-store` unless set here. Undefined ones are not sent. */
    readonly headers?: Readonly<Record<string, string | undefined>>;
    /** Values of `Set-Cookie`: `session=x; Secure; HttpOnly; SameSite=Lax`. */
    readonly cookies?: readonly string[];
  } & Content<T['responses'][S]>;
}[Status<T>];

/** The same as a client sees it, headers apart: bytes of a media type. */
export type ReceivedOf<T extends Operation> = {
  readonly [S in Status<T>]: { readonly status: S } & (Content<T['responses'][S]> extends { readonly body: infer Body }
    ? { readonly body: T['responses'][S] extends { readonly mediaType: string } ? Uint8Array : Body }
    : { readonly body?: undefined });
}[Status<T>];

/** Names of an operation's query string parameters; none when it declares none. */
export type QueryName<T extends Operation> = T['request'] extends { readonly query: infer Query }
  ? keyof output<Query> & string
  : never;
