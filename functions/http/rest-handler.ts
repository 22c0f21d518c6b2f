import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Operation } from '#contract/operation.ts';
import type { QueryName, ResponseOf } from '#contract/response.ts';
import { correlationId } from './correlation-id.ts';
import { errorResponse, jsonResponse } from './error-response.ts';
import { readJson } from './json-body.ts';
import type { Served } from './received-request.ts';

/** What an operation sees of a request. */
export interface RestRequest<T extends Operation> {
  /** API environment: the name of the gateway's stage. */
  readonly env: string;
  /** API Gateway's id of the request. */
  readonly requestId: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Value of a query string parameter: empty for `?name`, undefined when it isn't there. */
  readonly query: (name: QueryName<T>) => string | undefined;
  /**
   * Reads the body; the gateway's validator passes by a body of another content type than the model's.
   *
   * @throws BadRequestError when it is not JSON
   */
  readonly json: () => unknown;
  /** Carries the request's ids. */
  readonly log: Pick<Logger, 'debug' | 'error' | 'info' | 'warn'>;
}

/** Handler of a Lambda proxy integration of a REST API. */
export type RestHandler = Served & ((event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>);

/**
 * Makes an operation a Lambda handler. A `BadRequestError` is answered as a 400 with its message; anything else that `serve` throws is
 * logged and answered as a 500 that says nothing of the cause.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway" (payload format 1.0).
 *
 * @param service - name of the function, for the log
 * @param serve - the operation; it can only answer what its contract declares
 */
export function restHandler<T extends Operation>(
  service: T['function'],
  serve: (request: RestRequest<T>) => Promise<ResponseOf<T>>,
): RestHandler {
  const log = new Logger({ serviceName: service });
  const invoke = async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const { requestId, stage } = event.requestContext;
    log.resetKeys();
    log.addContext(context);
    log.setCorrelationId(correlationId(event.headers, requestId));
    try {
      return jsonResponse(
        await serve({
          env: stage,
          requestId,
          pathParameters: event.pathParameters ?? {},
          query: (name) => event.queryStringParameters?.[name],
          json: () => readJson(event),
          log,
        }),
      );
    } catch (error) {
      return jsonResponse(errorResponse(error, requestId, log));
    }
  };
  return Object.assign(invoke, {
    serve: (request) =>
      serve({
        ...request,
        query: (name) => request.query.single[name],
        json: () => readJson({ ...request, isBase64Encoded: false }),
      }),
  } satisfies Served);
}
