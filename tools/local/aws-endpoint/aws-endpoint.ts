import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { callingInvocation } from '#local/events/spans.ts';
import { type HttpService, listen } from '#local/http/listen.ts';
import { joinHeaders } from '#local/http/raw-headers.ts';
import { announcesTooLarge, readBody } from '#local/http/read-body.ts';

import { AwsError, ConnectionBroken, internalFailure } from './aws-error.ts';

const HEADER_CREDENTIAL = /^AWS4-HMAC-SHA256\s.*?\bCredential=([^,\s]+)/;

/** A request that an AWS SDK client sent, whole. */
export interface AwsRequest {
  readonly requestId: string;
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** By lower-case name; several of one name joined by a comma. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly accessKeyId?: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string;
}

interface AwsEndpointOptions {
  /** For the log: `dynamodb`. */
  readonly service: string;
  /** @default - any free one */
  readonly port?: number;
  /** Larger bodies are refused with 413. */
  readonly maxBodyBytes: number;
  /** @throws AwsError for everything that the service refuses */
  readonly handle: (request: AwsRequest) => Promise<AwsResponse>;
  /** The service's way of putting an error. */
  readonly errorResponse: (error: AwsError, request: AwsRequest) => AwsResponse;
  /** The headers that name a request. @default `x-amzn-requestid` */
  readonly requestIds?: (request: AwsRequest) => OutgoingHttpHeaders;
  /** Hears of faults of the runtime itself. */
  readonly log?: RuntimeLog;
}

/** SDK clients keep connections; ending them as early as Node does by default (5 s) makes their next request fail. */
const KEEP_ALIVE_MILLISECONDS = 65_000;

/** Starts an HTTP server on loopback for one AWS service: reads each request whole, hands it over, sends the response or the error. */
export function startAwsEndpoint(options: AwsEndpointOptions): Promise<HttpService> {
  const server = createServer((incoming, outgoing) => void serve(options, incoming, outgoing));
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  return listen(server, options.port ?? 0);
}

async function serve(options: AwsEndpointOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = announcesTooLarge(incoming, options.maxBodyBytes)
    ? 'too-large'
    : await readBody(incoming, options.maxBodyBytes);
  if (body === 'aborted') return;
  const request = toAwsRequest(incoming, body === 'too-large' ? Buffer.alloc(0) : body);
  const [time, begin] = [Date.now(), performance.now()];
  const response = await (body === 'too-large'
    ? options.errorResponse(tooLarge(options.maxBodyBytes), request)
    : respond(options, request).catch(() => undefined));
  if (options.log?.spans.areKept)
    keepSpan(options, request, response, { time, milliseconds: performance.now() - begin });
  if (!response) {
    incoming.socket.destroy();
    return;
  }
  // What is left of a body that is too large isn't worth reading.
  if (body === 'too-large') outgoing.setHeader('connection', 'close');
  try {
    send(options, request, response, outgoing);
  } catch (error) {
    send(options, request, failure(options, request, error), outgoing);
  }
}

/** Of calls that a function made. */
function keepSpan(
  { service, log }: AwsEndpointOptions,
  { method, url, headers, body }: AwsRequest,
  response: AwsResponse | undefined,
  took: { readonly time: number; readonly milliseconds: number },
): void {
  const invocation = callingInvocation(headers['x-amzn-trace-id']);
  if (invocation === undefined) return;
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  const resource = operation && MOST_NAMES.exec(body.subarray(0, 4096).toString())?.[1];
  const name = [service, ...(operation ? [operation, resource] : [method, url.split('?', 1)[0]])]
    .filter(Boolean)
    .join(' ');
  const region = readCredentialScope(headers, url)?.region ?? '';
  const outcome = response ? String(response.status) : 'the connection broke';
  log?.spans.add({ part: 'service', invocation, region, name, ...took, outcome });
}

/** What an operation is for, near the beginning of its input. */
const MOST_NAMES = /"(?:TableName|Name)":"([^"]+)"/;

/** @throws Error for a header that HTTP can't carry; nothing is sent then */
function send(options: AwsEndpointOptions, request: AwsRequest, response: AwsResponse, outgoing: ServerResponse): void {
  const { status, headers, body } = response;
  const isFramed = status === 204 || status === 304 || 'content-length' in headers;
  const ids = options.requestIds?.(request) ?? { 'x-amzn-requestid': request.requestId };
  // The length comes last: behind it Node refuses a Content-Disposition with letters beyond ASCII.
  const length = !isFramed && { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...ids, ...headers, ...length });
  outgoing.end(request.method === 'HEAD' ? undefined : body);
}

/** @throws ConnectionBroken, when there is no response */
async function respond(options: AwsEndpointOptions, request: AwsRequest): Promise<AwsResponse> {
  try {
    return await options.handle(request);
  } catch (error) {
    if (error instanceof ConnectionBroken) throw error;
    if (error instanceof AwsError) return options.errorResponse(error, request);
    return failure(options, request, error);
  }
}

function failure(
  { service, log, errorResponse }: AwsEndpointOptions,
  request: AwsRequest,
  error: unknown,
): AwsResponse {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = `${service}: ${request.method} ${request.url} failed: ${cause}`;
  log?.write({ kind: 'warning', time: Date.now(), message });
  return errorResponse(internalFailure(), request);
}

function toAwsRequest(incoming: IncomingMessage, body: Buffer): AwsRequest {
  const { method = '', url = '', rawHeaders } = incoming;
  const headers = joinHeaders(rawHeaders);
  const accessKeyId = readCredentialScope(headers, url)?.accessKeyId;
  return { requestId: randomUUID(), method, url, headers, body, ...(accessKeyId !== undefined && { accessKeyId }) };
}

const tooLarge = (limit: number): AwsError =>
  new AwsError(413, 'RequestEntityTooLarge', `The request's body is larger than ${limit} bytes.`);

/** What a SigV4 signature says of its maker. */
interface CredentialScope {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Reads `Credential=<access key id>/<date>/<region>/<service>/aws4_request` from the `Authorization` header, or `X-Amz-Credential` of a presigned URL.
 * Nothing is verified.
 *
 * Source: IAM User Guide, "Elements of an AWS API request signature".
 *
 * @param url - path and query
 * @returns undefined for a request that isn't signed, or whose credential is malformed
 */
export function readCredentialScope(headers: IncomingHttpHeaders, url: string): CredentialScope | undefined {
  const credential = HEADER_CREDENTIAL.exec(headers.authorization ?? '')?.[1] ?? presignedCredential(url);
  if (credential === undefined) return undefined;
  // An access key id may not hold a slash, yet the four last elements are the ones that are certain.
  const elements = credential.split('/');
  const [terminator, service, region, date] = elements.reverse();
  const accessKeyId = elements.slice(4).reverse().join('/');
  if (terminator !== 'aws4_request' || !service || !region || !date || !accessKeyId) return undefined;
  return { accessKeyId, date, region, service };
}

function presignedCredential(url: string): string | undefined {
  const question = url.indexOf('?');
  if (question < 0 || !url.includes('X-Amz-Credential')) return undefined;
  return new URLSearchParams(url.slice(question)).get('X-Amz-Credential') ?? undefined;
}
