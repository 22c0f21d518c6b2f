import type { IncomingMessage } from 'node:http';
import { newExtendedRequestId, newRequestId, newTraceHeader } from '../request-id.ts';
import type { ClientRequest, Entrance, Exchange, StageFacts } from './exchange.ts';

const NO_BODY = Buffer.alloc(0);
const NO_QUERY = { single: {}, multi: {} };

/** What the client sent, before any of it is judged. */
export function receive(request: IncomingMessage): ClientRequest {
  const { socket } = request;
  return {
    method: request.method ?? '',
    target: originForm(request.url ?? ''),
    protocol: `HTTP/${request.httpVersion}`,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    sourceIp: socket.remoteAddress ?? '',
    port: socket.localPort ?? 0,
  };
}

/** The exchange of a request that has found its stage. */
export function beginExchange(request: ClientRequest, facts: StageFacts, entrance: Entrance): Exchange {
  const startedAt = Date.now();
  return {
    facts,
    entrance,
    request,
    startedAt,
    requestId: newRequestId(),
    extendedRequestId: newExtendedRequestId(),
    traceHeader: newTraceHeader(request.headers['x-amzn-trace-id']?.toString(), startedAt),
    query: NO_QUERY,
    body: NO_BODY,
    resourcePath: undefined,
    pathParameters: {},
    apiKey: undefined,
    identity: undefined,
    fault: undefined,
    integration: undefined,
    status: 0,
    responseLength: 0,
  };
}

/** RFC 9112, 3.2: a proxy's `http://host/path` as `/path`. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? target;
  return path.startsWith('/') ? path : `/${path}`;
}
