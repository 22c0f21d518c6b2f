import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** What a test says of a request; everything else is as API Gateway would send it. */
export interface HttpEventOptions {
  readonly method?: string;
  readonly path?: string;
  readonly stage?: string;
  readonly requestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** The event of a Lambda proxy integration of an HTTP API (payload format 2.0), for `GET /events` in `envA` unless said otherwise. */
export function httpEvent({
  method = 'GET',
  path = '/events',
  stage = 'envA',
  requestId = 'JKJaXmPLvHcESHA=',
  headers = {},
  query,
  body,
  isBase64Encoded = false,
}: HttpEventOptions = {}): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: `/${stage}${path}`,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { host: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com', ...headers },
    ...(query && { queryStringParameters: { ...query } }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'a1b2c3d4e5',
      domainName: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method,
        path: `/${stage}${path}`,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'vitest',
      },
      requestId,
      routeKey: `${method} ${path}`,
      stage,
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}
