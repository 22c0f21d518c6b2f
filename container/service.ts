import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { type OpenApiOptions, openApiDocument } from '#contract/openapi.ts';
import type { Operation } from '#contract/operation.ts';
import { errorResponse } from '#functions/http/error-response.ts';
import { headExcess } from '#functions/http/head-limits.ts';
import { decodePercent, parseQueryString } from '#functions/http/query-string.ts';
import type { AdmitKey } from './api-keys.ts';
import { apiPage } from './api-page.ts';
import type { CorsHandlers } from './cors.ts';
import type { Handlers } from './handlers.ts';
import { expressPath, operationRoute, requireKey, send } from './operation-route.ts';
import { Refusal, refusalOf } from './refusal.ts';
import type { RequestLog } from './request-log.ts';

export interface ServiceOptions {
  /** Name of the API, on its page. */
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Of the operations' functions. */
  readonly handlers: Handlers;
  readonly admitKey: AdmitKey;
  /** API environment that operations are told. */
  readonly env: string;
  readonly requestLog: RequestLog;
  /** @default - pages of other origins read nothing */
  readonly cors?: CorsHandlers | undefined;
  /** That an operation may take. @default 29 s, as long as API Gateway waits */
  readonly operationMilliseconds?: number;
}

/** Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API", integration timeout. */
const OPERATION_MILLISECONDS = 29_000;

/**
 * For a service that gives JSON to programs: a browser shall guess no type, show it in no frame, load nothing for it and keep to HTTPS.
 *
 * Source: OWASP REST Security Cheat Sheet, "Security Headers".
 */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'interest-cohort=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * The container API: every operation at its path, `/openapi.json` and `/docs` that describe them, and `/error`, which fails on purpose, for holders of a
 * key. All else is 404. Every error has the gateways' body.
 */
export function createService(options: ServiceOptions): Express {
  const { operations, handlers, requestLog, cors, operationMilliseconds = OPERATION_MILLISECONDS } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.enable('case sensitive routing').enable('strict routing');
  // The load balancer adds the client's address; what stands before it the client may have made up.
  app.set('trust proxy', 1);
  app.use(requestLog.middleware);
  app.use((_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });
  if (cors) app.use(cors.everywhere);
  app.use(checkHead);
  for (const operation of operations) {
    const handler = handlers.get(operation.function);
    if (handler === undefined)
      throw new Error(`${operation.id}: there is no handler of functions/${operation.function}.`);
    if (cors) app.options(expressPath(operation.path), cors.preflight);
    app.all(expressPath(operation.path), ...operationRoute(operation, { ...options, handler, operationMilliseconds }));
  }
  const description = describe(options);
  app.get('/openapi.json', (_request, response) => send(response, { status: 200, body: description }));
  app.get('/docs', apiPage(description));
  app.get('/error', requireKey(options), () => {
    throw new Error('The route /error was called, which fails on purpose.');
  });
  app.use(() => {
    throw new Refusal('noRoute');
  });
  app.use(tellError(requestLog));
  return app;
}

/** The operations as OpenAPI, with the service's own kind of errors: there is one kind of API here. */
function describe({ title, operations }: ServiceOptions) {
  const servers: OpenApiOptions['servers'] = { rest: [{ url: '/' }], http: [] };
  return openApiDocument({ title, servers, operations: operations.map((each) => ({ ...each, api: 'rest' })) });
}

/** What is wrong with a request whatever its route. */
const checkHead: RequestHandler = (request, _response, next) => {
  const { method, url, httpVersion, rawHeaders } = request;
  const excess = headExcess({ method, target: url, protocol: `HTTP/${httpVersion}`, rawHeaders }, false);
  if (excess) throw new Refusal(excess);
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  if (decodePercent(path) === undefined || parseQueryString(query) === undefined) throw new Refusal('badEscape');
  next();
};

function tellError({ idsOf, outcomeOf, log }: RequestLog): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const { requestId } = idsOf(response);
    const refusal = refusalOf(error);
    const { status, body } = refusal
      ? { status: refusal.status, body: { error: refusal.error, requestId } }
      : errorResponse(error, requestId, log);
    outcomeOf(response).errorMessage = body.error;
    // A body that nobody reads any more would come before the connection's next request.
    if (response.headersSent) response.destroy();
    else send(response, { status, body });
  };
}
