import { type output, safeParse } from 'zod/v4/core';
import type { Operation } from '#contract/operation.ts';
import { errorBody, type ReceivedOf, type Status } from '#contract/response.ts';

const refusalStatuses = [400, 401, 403, 404, 413, 415, 429, 500, 502, 503, 504] as const;

/** Statuses that the gateway, or a function that failed, answers any operation with. */
export type RefusalStatus = (typeof refusalStatuses)[number];

/** An answer that the operation does not declare. */
export interface Refusal<S extends number> {
  readonly status: S;
  readonly body: output<typeof errorBody>;
}

/** What calling an operation comes to: tell by `status` what `body` is. */
export type Result<T extends Operation> = (ReceivedOf<T> | Refusal<Exclude<RefusalStatus, Status<T>>>) & {
  readonly headers: Headers;
};

/** A response that is not as the contract says, such as a proxy on the way. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';
  readonly status: number;
  readonly text: string;

  constructor(operation: Operation, status: number, text: string) {
    super(
      `${operation.method} ${operation.path} responded ${status} with a body that the contract does not know: ${text.slice(0, 200)}`,
    );
    this.status = status;
    this.text = text;
  }
}

/** @throws UnexpectedResponseError for an answer that is neither as the operation declares nor a gateway's refusal */
export async function resultOf<T extends Operation>(operation: T, response: Response): Promise<Result<T>> {
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const declared = operation.responses[status];
  // In each case status and body have been checked against the very declaration that the type is read off.
  if (declared?.mediaType !== undefined && mediaTypeOf(headers) === mediaTypeOf(declared.mediaType)) {
    return { status, body: bytes, headers } as unknown as Result<T>;
  }
  const text = new TextDecoder().decode(bytes);
  const body = parseJson(text);
  if (declared?.body !== undefined && safeParse(declared.body, body).success) {
    return { status, body, headers } as Result<T>;
  }
  if (declared && declared.body === undefined && declared.mediaType === undefined && text === '') {
    return { status, body: undefined, headers } as unknown as Result<T>;
  }
  const refusal = isRefusal(status) ? (refusalBody(body, headers) ?? unescapedRefusal(text)) : undefined;
  if (refusal !== undefined) return { status, body: refusal, headers } as Result<T>;
  throw new UnexpectedResponseError(operation, status, text);
}

/** `text/html` of `text/html; charset=utf-8`. */
function mediaTypeOf(source: Headers | string): string {
  const text = typeof source === 'string' ? source : (source.get('content-type') ?? '');
  return text.replace(/;.*$/s, '').trim().toLowerCase();
}

function isRefusal(status: number): boolean {
  return refusalStatuses.some((known) => known === status);
}

/** An HTTP API's gateway says `{"message"}`, and its request id in a header. */
function refusalBody(body: unknown, headers: Headers): output<typeof errorBody> | undefined {
  const error = safeParse(errorBody, body);
  if (error.success) return error.data;
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined;
  return { error: String(body.message), requestId: headers.get('apigw-requestid') ?? '' };
}

/**
 * What a validator found contains quotation marks. Whether API Gateway escapes them in a gateway response is documented nowhere; where it does not,
 * the body is no JSON, and its two members can be told all the same.
 */
function unescapedRefusal(text: string): output<typeof errorBody> | undefined {
  const [, error, requestId] = /^\{"error":"(.*)","requestId":"([^"]*)"\}$/s.exec(text) ?? [];
  return error === undefined || requestId === undefined ? undefined : { error, requestId };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
