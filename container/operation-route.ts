import express, { type Request, type RequestHandler, type Response } from 'express';
import { fieldsOf } from '#contract/json-schema.ts';
import type { Operation } from '#contract/operation.ts';
import { BadRequestError } from '#functions/http/error-response.ts';
import { type Outcome, plainResponse } from '#functions/http/gateway-response.ts';
import { describeExcess } from '#functions/http/json-extent.ts';
import { parseQueryString } from '#functions/http/query-string.ts';
import type { Served } from '#functions/http/received-request.ts';
import { MAX_PAYLOAD_BYTES } from '#functions/lambda-payload.ts';
import type { AdmitKey } from './api-keys.ts';
import { Refusal } from './refusal.ts';
import type { RequestLog } from './request-log.ts';

interface RouteOptions {
  readonly handler: Served;
  readonly admitKey: AdmitKey;
  /** API environment that the operation is told. */
  readonly env: string;
  readonly requestLog: RequestLog;
  /** That an operation may take. */
  readonly operationMilliseconds: number;
}

/** `application/json`, whatever its parameters: what mapping templates are chosen by. */
const JSON_TYPE = /^application\/json\s*(;|$)/i;

const readBytes = express.raw({ type: () => true, limit: MAX_PAYLOAD_BYTES, inflate: false });

/** All of a body, of any type, and never more than Lambda would take. As at the gateways nothing is unpacked: what is in it could be of any size. */
const readBody: RequestHandler = (request, response, next) => {
  delete request.headers['content-encoding'];
  readBytes(request, response, next);
};

/** `/user/{id}` as Express writes it: `/user/:id`. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** What an operation is served by, in the order in which a gateway looks at a request: key, type, parameters, body, operation. */
export function operationRoute(operation: Operation, options: RouteOptions): readonly RequestHandler[] {
  const { method, auth, request: declared } = operation;
  const asked = checkRequest(operation);
  const handlers: RequestHandler[] = [
    // Express would let HEAD and OPTIONS pass where there is a GET; the gateways have no such routes.
    (request, _response, next) => next(request.method === method ? undefined : 'route'),
    (_request, response, next) => {
      options.requestLog.outcomeOf(response).resourcePath = operation.path;
      next();
    },
  ];
  if (auth === 'apiKey') handlers.push(requireKey(options));
  handlers.push(asked);
  if (declared.body ?? declared.mediaType) handlers.push(readBody);
  handlers.push(serve(operation, options));
  return handlers;
}

/** Lets only holders of a key go on. */
export function requireKey({ admitKey, requestLog }: Pick<RouteOptions, 'admitKey' | 'requestLog'>): RequestHandler {
  return async (request, response, next) => {
    const admission = await admitKey(request.get('x-api-key'));
    if (admission === 'unavailable') throw new Refusal('keysUnavailable');
    if (admission === 'refused') throw new Refusal('invalidKey');
    requestLog.outcomeOf(response).apiKeyId = admission.fingerprint;
    next();
  };
}

/** What a request validator looks at before the body, and whether there is a template for its type. */
function checkRequest({ integration, request: { headers, query } }: Operation): RequestHandler {
  const namesOf = (fields: ReturnType<typeof fieldsOf>) =>
    fields.flatMap(({ name, required }) => (required ? name : []));
  const [neededHeaders, neededQuery] = [namesOf(fieldsOf(headers)), namesOf(fieldsOf(query))];
  return (request, _response, next) => {
    const { single } = queryOf(request);
    const missing = [
      ...neededHeaders.filter((name) => request.headers[name] === undefined),
      ...neededQuery.filter((name) => !Object.hasOwn(single, name)),
    ];
    if (missing.length > 0) throw new BadRequestError(`Missing required request parameters: [${missing.join(', ')}]`);
    const type = request.get('content-type') ?? 'application/json';
    if (integration === 'template' && !JSON_TYPE.test(type)) throw new Refusal('unsupportedType');
    next();
  };
}

function serve(
  operation: Operation,
  { handler, env, requestLog, operationMilliseconds }: RouteOptions,
): RequestHandler {
  return async (request, response) => {
    const body: unknown = request.body;
    const { request: declared } = operation;
    const received = {
      env,
      requestId: requestLog.idsOf(response).requestId,
      method: operation.method,
      route: operation.path,
      pathParameters: parametersOf(request),
      query: queryOf(request),
      headers: joinedHeaders(request),
      caller: { ip: request.socket.remoteAddress ?? '', userAgent: request.get('user-agent') },
      body: Buffer.isBuffer(body) ? (declared.body ? readable(body) : body) : undefined,
      log: requestLog.log,
    };
    send(response, await within(operationMilliseconds, handler.serve(received)));
  };
}

/** Ends the request with what an operation, or a refusal, comes to. */
export function send(response: Response, outcome: Outcome): void {
  const { status, headers, cookies, body } = plainResponse(outcome);
  const more = { ...(cookies.length > 0 && { 'set-cookie': [...cookies] }), 'content-length': Buffer.byteLength(body) };
  // Not by Express, which would add a charset that JSON does not have.
  response.writeHead(status, { ...headers, ...more }).end(body);
}

/** A header that was sent more than once is one, as at the gateways. */
function joinedHeaders({ headers }: Request): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}

/** @throws BadRequestError for a JSON text that would hold up everybody else while it is parsed */
function readable(body: Buffer): Buffer {
  const excess = describeExcess(body.toString('latin1'));
  if (excess !== undefined) throw new BadRequestError(`body: ${excess}`);
  return body;
}

function parametersOf({ params }: Request): Record<string, string | undefined> {
  // Only wildcards, which no operation has, give lists.
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function queryOf({ url }: Request) {
  const mark = url.indexOf('?');
  const query = parseQueryString(mark < 0 ? '' : url.slice(mark + 1));
  if (query === undefined) throw new Refusal('badEscape');
  return query;
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal('timedOut')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
