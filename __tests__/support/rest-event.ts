import type { APIGatewayProxyEvent } from 'aws-lambda';

/** What a test says of a request; everything else is as API Gateway would send it. */
export interface RestEventOptions {
  readonly method?: string;
  readonly path?: string;
  readonly stage?: string;
  readonly requestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly body?: string | null;
}

/** The event of a Lambda proxy integration of a REST API (payload format 1.0), for `GET /test` in `envA` unless said otherwise. */
export function restEvent({
  method = 'GET',
  path = '/test',
  stage = 'envA',
  requestId = '3f1c8a52-0b7d-4a3e-9f57-6f0f7d9b2c11',
  headers = {},
  query,
  pathParameters,
  body = null,
}: RestEventOptions = {}): APIGatewayProxyEvent {
  return {
    resource: path,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: multiValue(headers),
    queryStringParameters: query ? { ...query } : null,
    multiValueQueryStringParameters: query ? multiValue(query) : null,
    pathParameters: pathParameters ? { ...pathParameters } : null,
    stageVariables: { stage },
    body,
    isBase64Encoded: false,
    requestContext: {
      accountId: '111122223333',
      apiId: 'a1b2c3d4e5',
      authorizer: undefined,
      domainName: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      httpMethod: method,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '192.0.2.1',
        user: null,
        userAgent: 'vitest',
        userArn: null,
      },
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestId,
      requestTimeEpoch: 1767225600000,
      resourceId: 'abc123',
      resourcePath: path,
      stage,
    },
  };
}

function multiValue(values: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}
