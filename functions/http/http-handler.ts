import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Operation } from '#contract/operation.ts';
import type { ResponseOf } from '#contract/response.ts';
import { correlationId } from './correlation-id.ts';
import { errorResponse, jsonResponse } from './error-response.ts';
import { readJson } from './json-body.ts';
import type { Served } from './received-request.ts';

/** What an operation sees of a request. */
export interface HttpRequest {
  /** API environment: the name of the gateway's stage. */
  readonly env: string;
  /** API Gateway's id of the request. */
  readonly requestId: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Query string parameters; values of a repeated one are joined by commas. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Value of a header. @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  /** Reads the body. @throws BadRequestError when it is not JSON */
  readonly json: () => unknown;
  /** Carries the request's ids. */
  readonly log: Pick<Logger, 'debug' | 'error' | 'info' | 'warn'>;
}

/** The operations of one function by route key, each answering what its contract declares. */
export type HttpRoutes<T extends Operation> = {
  readonly [O in T as `${O['method']} ${O['path']}`]: (request: HttpRequest) => Promise<ResponseOf<O>>;
};

/** Handler of a Lambda proxy integration of an HTTP API. */
export type HttpHandler = Served &
  ((event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>);

/**
 * Makes the operations of a function a Lambda handler. A `BadRequestError` is answered as a 400 with its message; anything else that an
 * operation throws is logged and answered as a 500 that says nothing of the cause.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs" (payload format 2.0).
 *
 * @param service - name of the function, for the log
 */
export function httpHandler<T extends Operation>(service: T['function'], routes: HttpRoutes<T>): HttpHandler {
  const log = new Logger({ serviceName: service });
  const served = new Map<
    string,
    (request: HttpRequest) => Promise<{ readonly status: number; readonly body: unknown }>
  >(Object.entries(routes));
  const serveRoute = (route: string, request: HttpRequest) => {
    const serve = served.get(route);
    if (serve === undefined) throw new Error(`The route ${route} is not one of this function's.`);
    return serve(request);
  };
  const invoke = async (
    event: APIGatewayProxyEventV2,
    context: Context,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const { requestId, stage } = event.requestContext;
    log.resetKeys();
    log.addContext(context);
    log.setCorrelationId(correlationId(event.headers, requestId));
    try {
      return jsonResponse(
        await serveRoute(event.routeKey, {
          env: stage,
          requestId,
          pathParameters: event.pathParameters ?? {},
          query: event.queryStringParameters ?? {},
          // API Gateway hands names over in lower case.
          header: (name) => event.headers[name],
          json: () => readJson(event),
          log,
        }),
      );
    } catch (error) {
      return jsonResponse(errorResponse(error, requestId, log));
    }
  };
  return Object.assign(invoke, {
    serve: async (request) => {
      const { method, route, query } = request;
      const joined = Object.entries(query.multi).map(([name, values]) => [name, values.join(',')]);
      return serveRoute(`${method} ${route}`, {
        ...request,
        query: Object.fromEntries(joined),
        header: (name) => request.headers[name],
        json: () => readJson({ ...request, isBase64Encoded: false }),
      });
    },
  } satisfies Served);
}
