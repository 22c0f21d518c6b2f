import { describe, expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { ACCOUNT, API_ID, REGION, regionWith, route } from './support/model.ts';

const HOST = `${API_ID}.execute-api.${REGION}.amazonaws.com`;
const integration = { payloadFormatVersion: '1.0' } as const;
const routes = [route('POST /users/{id}', { integration }), route('$default', { integration })];

async function call(payload: unknown, ...sent: Parameters<Awaited<ReturnType<typeof startTestGateway>>['send']>) {
  const gateway = await startTestGateway({
    region: regionWith({ routes }),
    invoke: async () => ({ ok: true, requestId: 'i-1', payload }),
  });
  const response = await gateway.send(...sent);
  return { response, port: gateway.port, event: gateway.invocations[0]?.payload, warnings: gateway.warnings() };
}

describe('S2.1: payload format 1.0 of an HTTP API', () => {
  it('has an event with every field', async () => {
    const { response, port, event } = await call({ statusCode: 201 }, '/envA/users/a%20b?x=1&x=2', {
      method: 'POST',
      headers: [
        ...['Host', HOST, 'User-Agent', 'test/1', 'X-Two', 'a', 'X-Two', 'b', 'Cookie', 'a=1; b=2'],
        ...['Content-Type', 'application/json', 'Content-Length', '7', 'X-Forwarded-For', '9.9.9.9'],
        ...['Connection', 'close', 'X-Amzn-Trace-Id', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
      ],
      body: '{"a":1}',
    });
    const requestId = response.headers['apigw-requestid'];
    expect(event).toEqual({
      version: '1.0',
      resource: '/users/{id}',
      path: '/envA/users/a b',
      httpMethod: 'POST',
      headers: {
        Host: HOST,
        'User-Agent': 'test/1',
        'X-Two': 'b',
        Cookie: 'a=1; b=2',
        'Content-Type': 'application/json',
        'Content-Length': '7',
        'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
        'X-Forwarded-For': '9.9.9.9, 127.0.0.1',
        'X-Forwarded-Port': String(port),
        'X-Forwarded-Proto': 'http',
      },
      multiValueHeaders: expect.objectContaining({ 'X-Two': ['a', 'b'], 'Content-Length': ['7'] }),
      queryStringParameters: { x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      requestContext: {
        accountId: ACCOUNT,
        apiId: API_ID,
        domainName: HOST,
        domainPrefix: API_ID,
        extendedRequestId: requestId,
        httpMethod: 'POST',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '127.0.0.1',
          user: null,
          userAgent: 'test/1',
          userArn: null,
        },
        path: '/envA/users/a b',
        protocol: 'HTTP/1.1',
        requestId,
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: null,
        resourcePath: '/users/{id}',
        stage: 'envA',
      },
      pathParameters: { id: 'a b' },
      stageVariables: { stage: 'envA' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it('has null for what a request has none of, and base64 for what is no text', async () => {
    const bare = await call({ statusCode: 200 }, '/envB/x');
    expect(bare.event).toMatchObject({
      resource: '$default',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
    });
    const binary = await call({ statusCode: 200 }, '/envB/x', { method: 'POST', body: 'abc' });
    expect(binary.event).toMatchObject({ body: 'YWJj', isBase64Encoded: true });
  });

  it('takes a response whose headers of both kinds are merged', async () => {
    const { response } = await call(
      {
        statusCode: 418,
        headers: { 'X-A': 'single', 'X-B': 'kept', 'X-C': 'same' },
        multiValueHeaders: { 'x-a': ['1', '2'], 'x-c': ['same'], 'Set-Cookie': ['a=1', 'b=2'] },
        body: 'YWJj',
        isBase64Encoded: true,
      },
      '/envA/x',
    );
    expect(response).toMatchObject({ status: 418, text: 'abc' });
    expect(response.headers).toMatchObject({
      'x-a': '1, 2, single',
      'x-b': 'kept',
      'x-c': 'same',
      'set-cookie': ['a=1', 'b=2'],
    });
  });

  it.each([
    ['a text', 'hello', 'the string "hello"'],
    ['no statusCode', { body: 'x' }, 'statusCode is undefined'],
    ['multiValueHeaders without lists', { statusCode: 200, multiValueHeaders: { a: 'x' } }, 'not an array of strings'],
  ])('infers nothing from %s: 500, and the log says why', async (_, payload, problem) => {
    const { response, warnings } = await call(payload, '/envA/x');
    expect(response).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
    expect(warnings.join()).toContain(problem);
  });
});
