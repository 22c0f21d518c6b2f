import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Operation } from '#contract/operation.ts';
import { encodeBody } from './gateway-response.ts';
import type { Served } from './received-request.ts';
import { type Routes, serveRoutes } from './routes.ts';

/** An event, whichever way its route is authorized. */
type HttpEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer?: { readonly iam?: { readonly userArn: string } } };
};

/** Handler of a Lambda proxy integration of an HTTP API. */
export type HttpHandler = Served & ((event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>);

/**
 * Makes operations a Lambda handler.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs" (payload format 2.0).
 *
 * @param service - name of the function, for the log
 */
export function httpHandler<T extends Operation>(service: T['function'], routes: Routes<T>): HttpHandler {
  const { respond, serve } = serveRoutes<T>(service, routes, (values) => values.join(','));
  const invoke = async (event: HttpEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const { authorizer, http, requestId, stage } = event.requestContext;
    const response = await respond(
      {
        route: event.routeKey,
        env: stage,
        requestId,
        method: http.method,
        pathParameters: event.pathParameters,
        query: event.queryStringParameters,
        // API Gateway hands names over in lower case, and cookies apart.
        header: (name) => (name === 'cookie' ? event.cookies?.join('; ') : event.headers[name]),
        caller: { ip: http.sourceIp, userAgent: http.userAgent, principal: authorizer?.iam?.userArn },
        raw: event,
      },
      context,
    );
    const cookies = response.cookies.length > 0 && { cookies: [...response.cookies] };
    return { statusCode: response.status, headers: response.headers, ...cookies, ...encodeBody(response.body) };
  };
  return Object.assign(invoke, { serve });
}
