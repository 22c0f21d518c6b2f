import { createSender } from '#client/attempts.ts';
import { plainRequest } from '#client/plain-request.ts';
import { send } from '#client/send.ts';
import type { Operation } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';
import { columns } from '#operator/cli/columns.ts';
import { CallError } from '#operator/cli/errors.ts';
import type { CallTarget } from './call-target.ts';

/** A request as its caller writes it. */
export interface WrittenRequest {
  /** Path, with or without a query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it is, so that a mistake in it can be tried out. */
  readonly body: string | Uint8Array | undefined;
}

/** A request that is ready to be sent. */
export interface PreparedCall {
  /** `GET http://127.0.0.1:3000/test`. */
  readonly line: string;
  /** With key or signature. @throws CallError when nothing answers */
  readonly send: () => Promise<Response>;
}

/** Prepares a request to an operation, with what it asks its callers for. */
export function prepareCall(
  operation: Operation,
  { target, headers, body }: WrittenRequest,
  { baseUrl, regions, ...access }: CallTarget,
): PreparedCall {
  const requestAt = (url: string) => {
    const base = plainRequest({ ...operation, path: '' }, url, { headers });
    return {
      ...base,
      url: new URL(`${base.url.href.replace(/\/+$/, '')}${target}`),
      ...(body !== undefined && {
        body,
        headers: { 'content-type': operation.request.mediaType ?? 'application/json', ...base.headers },
      }),
    };
  };
  const request = requestAt(baseUrl);
  const answer = () =>
    regions === undefined
      ? send(operation, request, access)
      : createSender(access)(operation, requestAt, { publicUrl: baseUrl, ...regions });
  const sent = () =>
    answer().catch((cause: unknown) => {
      // What `fetch` says of the network, in the cause of its error; anything else, such as missing credentials, is for whoever knows it.
      if (!(cause instanceof TypeError)) throw cause;
      throw new CallError(`${request.url.href} did not answer: ${errorReason(cause.cause ?? cause)}`, { cause });
    });
  return { line: `${request.method} ${request.url.href}`, send: sent };
}

/**
 * The operation that a request is for.
 *
 * @param target - path, with or without a query
 * @throws CallError that lists every route when there is none
 */
export function matchOperation(operations: readonly Operation[], method: string, target: string): Operation {
  const [path = ''] = target.split('?', 1);
  const found = operations.find((operation) => operation.method === method && patternOf(operation).test(path));
  if (found) return found;
  const routes = columns(operations.map((operation) => [operation.method, operation.path, operation.summary]));
  throw new CallError(`No route ${method} ${path}. There are:\n${routes.map((line) => `  ${line}`).join('\n')}`);
}

function patternOf({ path }: Operation): RegExp {
  const segments = path.split('/').map((segment) => (segment.startsWith('{') ? '[^/]+' : escapeRegExp(segment)));
  return new RegExp(`^${segments.join('/')}/?$`);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
