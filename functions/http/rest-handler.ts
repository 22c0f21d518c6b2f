import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Operation } from '#contract/operation.ts';
import { corsOf } from './cors.ts';
import { encodeBody, type PlainResponse } from './gateway-response.ts';
import { header } from './json-body.ts';
import type { Served } from './received-request.ts';
import { type Routes, serveRoutes } from './routes.ts';

/** Handler of a Lambda proxy integration of a REST API. */
export type RestHandler = Served & ((event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>);

/**
 * Makes operations a Lambda handler.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway" (payload format 1.0).
 *
 * @param service - name of the function, for the log
 */
export function restHandler<T extends Operation>(service: T['function'], routes: Routes<T>): RestHandler {
  const { respond, serve } = serveRoutes<T>(service, routes, (values) => values.at(-1));
  const corsHeaders = corsOf(process.env.CORS);
  const invoke = async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const { identity, requestId, stage } = event.requestContext;
    const response = await respond(
      {
        route: `${event.httpMethod} ${event.resource}`,
        env: stage,
        requestId,
        method: event.httpMethod,
        pathParameters: event.pathParameters,
        query: event.queryStringParameters,
        header: (name) => header(event.headers, name),
        caller: {
          ip: identity.sourceIp,
          userAgent: identity.userAgent ?? undefined,
          principal: identity.userArn ?? undefined,
          apiKeyId: identity.apiKeyId ?? undefined,
        },
        raw: event,
      },
      context,
    );
    const cookies = response.cookies.length > 0 && { multiValueHeaders: { 'set-cookie': [...response.cookies] } };
    const headers = withCors(response.headers, corsHeaders(header(event.headers, 'origin')));
    return { statusCode: response.status, headers, ...cookies, ...encodeBody(response.body) };
  };
  return Object.assign(invoke, { serve });
}

/** Who may read it is the settings' to say, as on an HTTP API; a handler's own `Vary` stays beside what CORS varies by. */
function withCors(own: PlainResponse['headers'], cors: PlainResponse['headers']): Record<string, string> {
  const others = Object.entries(own).filter(([name]) => !name.startsWith('access-control-'));
  const vary = [own.vary, cors.vary].filter((value) => value !== undefined);
  return { ...Object.fromEntries(others), ...cors, ...(vary.length > 0 && { vary: vary.join(', ') }) };
}
