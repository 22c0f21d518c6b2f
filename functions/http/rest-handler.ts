import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { output } from 'zod/v4/core';
import type { Answer, QueryName } from '../contract/answer.ts';
import type { errorBody } from '../contract/error-body.ts';
import type { Operation } from '../contract/operation.ts';
import { correlationId } from './correlation-id.ts';

/** What an operation sees of a request. */
export interface RestRequest<T extends Operation> {
  /** API environment: the name of the gateway's stage. */
  readonly env: string;
  /** Value of a query string parameter: empty for `?name`, undefined when it isn't there. */
  readonly query: (name: QueryName<T>) => string | undefined;
  /** Carries the request's ids. */
  readonly log: Pick<Logger, 'debug' | 'error' | 'info' | 'warn'>;
}

/** Handler of a Lambda proxy integration of a REST API. */
export type RestHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/**
 * Makes an operation a Lambda handler. What `serve` throws is logged and answered as a 500 that says nothing of the cause.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway" (payload format 1.0).
 *
 * @param service - name of the function, for the log
 * @param serve - the operation; it can only answer what its contract declares
 */
export function restHandler<T extends Operation>(
  service: T['function'],
  serve: (request: RestRequest<T>) => Promise<Answer<T>>,
): RestHandler {
  const log = new Logger({ serviceName: service });
  return async (event, context) => {
    const { requestId, stage } = event.requestContext;
    log.resetKeys();
    log.addContext(context);
    log.setCorrelationId(correlationId(event.headers, requestId));
    try {
      const { status, body } = await serve({
        env: stage,
        query: (name) => event.queryStringParameters?.[name],
        log,
      });
      return { statusCode: status, headers, body: JSON.stringify(body) };
    } catch (error) {
      log.error('The request failed', { error, requestId });
      const body: output<typeof errorBody> = { error: 'Internal server error', requestId };
      return { statusCode: 500, headers, body: JSON.stringify(body) };
    }
  };
}
