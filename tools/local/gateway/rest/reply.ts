import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Exchange } from './exchange.ts';

/** A response before it is sent. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn, without those that every response of the gateway has. */
  readonly headers: readonly string[];
  readonly body: Buffer | string;
}

/** Whether HTTP allows a header with that name and value; mapped headers come from functions, templates and clients. */
export function isValidHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Sends a reply with the headers that API Gateway adds. */
export function sendReply(response: ServerResponse, reply: Reply, exchange: Exchange): void {
  const length = typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.length;
  const headers = [
    ...reply.headers,
    'x-amzn-RequestId',
    exchange.requestId,
    'x-amz-apigw-id',
    exchange.extendedRequestId,
    'X-Amzn-Trace-Id',
    exchange.traceHeader,
  ];
  // RFC 9110, 8.6: no length in a 204; a 304's would be that of the 200, which isn't known here.
  if (reply.status !== 204 && reply.status !== 304) headers.push('Content-Length', String(length));
  response.writeHead(reply.status, headers);
  response.end(reply.body);
  exchange.status = reply.status;
  exchange.responseLength = length;
}
