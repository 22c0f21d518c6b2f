import { describe, expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { ACCOUNT, API_ID, REGION, regionWith, route } from './support/model.ts';

const HOST = `${API_ID}.execute-api.${REGION}.amazonaws.com`;
const region = regionWith({ routes: [route('POST /users/{id}/{proxy+}'), route('GET /'), route('$default')] });

async function eventOf(...sent: Parameters<Awaited<ReturnType<typeof startTestGateway>>['send']>) {
  const gateway = await startTestGateway({ region });
  const answer = await gateway.send(...sent);
  return { answer, port: gateway.port, event: gateway.invocations[0]?.payload };
}

describe('S2.1: the event of payload format 2.0', () => {
  it('holds everything of a request, and nothing else', async () => {
    const { answer, port, event } = await eventOf('/envA/users/a%20b/c/d%C3%A9?x=1&y=%26&x=2&flag', {
      method: 'POST',
      headers: [
        ...['Host', HOST, 'User-Agent', 'test/1', 'X-Two', 'a', 'Cookie', 'a=1; b=2', 'x-two', 'b', 'Cookie', 'c=3'],
        ...['Content-Type', 'application/json', 'Content-Length', '7', 'X-Forwarded-For', '9.9.9.9'],
        ...['Connection', 'close', 'X-Amzn-Trace-Id', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
      ],
      body: '{"a":1}',
    });
    expect(answer.headers['apigw-requestid']).toMatch(/^[A-Za-z0-9+/]{15}=$/);
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /users/{id}/{proxy+}',
      rawPath: '/envA/users/a b/c/dé',
      rawQueryString: 'x=1&y=%26&x=2&flag',
      cookies: ['a=1', 'b=2', 'c=3'],
      headers: {
        host: HOST,
        'user-agent': 'test/1',
        'x-two': 'a,b',
        'content-type': 'application/json',
        'content-length': '7',
        'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
        'x-forwarded-for': '9.9.9.9, 127.0.0.1',
        'x-forwarded-port': String(port),
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { x: '1,2', y: '&', flag: '' },
      requestContext: {
        accountId: ACCOUNT,
        apiId: API_ID,
        domainName: HOST,
        domainPrefix: API_ID,
        http: {
          method: 'POST',
          path: '/envA/users/a b/c/dé',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test/1',
        },
        requestId: answer.headers['apigw-requestid'],
        routeKey: 'POST /users/{id}/{proxy+}',
        stage: 'envA',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { id: 'a b', proxy: 'c/dé' },
      stageVariables: { stage: 'envA' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it('leaves out what a request has none of', async () => {
    const { event } = await eventOf('/envB', { headers: ['Host', 'localhost'] });
    expect(Object.keys(event ?? {})).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'requestContext',
      'stageVariables',
      'isBase64Encoded',
    ]);
    expect(event).toMatchObject({
      routeKey: 'GET /',
      rawPath: '/envB/',
      rawQueryString: '',
      headers: { 'content-length': '0', host: 'localhost' },
      requestContext: { domainName: HOST, http: { userAgent: '' }, stage: 'envB' },
    });
  });

  it.each([
    ['application/json', false],
    ['Application/JSON; charset=utf-8', false],
    ['text/csv', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/octet-stream', true],
    ['application/vnd.api+json', true],
    ['application/x-www-form-urlencoded', true],
    ['multipart/form-data; boundary=x', true],
    ['image/png', true],
    [undefined, true],
  ])('encodes a body of %s as base64: %s', async (contentType, isBase64Encoded) => {
    const bytes = Buffer.from(isBase64Encoded ? [0, 0xff, 0x80] : 'grüße');
    const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    const { event } = await eventOf('/envA/x', { method: 'POST', headers, body: bytes });
    expect(event).toMatchObject({ isBase64Encoded, body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8') });
  });

  it('keeps the names that a client chose apart from what objects inherit', async () => {
    const { event } = await eventOf('/envA/x?__proto__=1&__proto__=2&constructor=3', { headers: { constructor: 'x' } });
    expect(JSON.stringify(event)).toContain('"queryStringParameters":{"__proto__":"1,2","constructor":"3"}');
    expect(event).toMatchObject({ headers: { constructor: 'x' } });
  });
});
