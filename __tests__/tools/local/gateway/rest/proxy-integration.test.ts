import { describe, expect, it } from 'vitest';
import type { InvokeResult } from '#local/lambda/invoke-result.ts';
import { startTestGateway } from './support/gateway.ts';
import { ACCOUNT, API_ID, method, REGION, regionModel, restApi } from './support/model.ts';

describe('Lambda proxy integration', () => {
  it('hands over the request in payload format 1.0', async () => {
    const gateway = await startTestGateway({
      region: regionModel({ restApis: [restApi({ methods: [method('POST', '/user/{id}')] })] }),
    });
    await gateway.send('/envA/user/a%20b?q=x%2Fy&q=z&flag', {
      method: 'POST',
      headers: [
        'Host',
        'localhost',
        'X-Twice',
        '1',
        'X-Twice',
        '2',
        'Content-Type',
        'application/json',
        'User-Agent',
        'me',
      ],
      body: '{"name":"ö"}',
    });
    const [invocation] = gateway.invocations;
    expect(invocation).toMatchObject({ functionName: 'app-test', qualifier: 'envA' });
    expect(invocation?.payload).toEqual({
      resource: '/user/{id}',
      path: '/user/a%20b',
      httpMethod: 'POST',
      headers: {
        Host: 'localhost',
        'X-Twice': '2',
        'Content-Type': 'application/json',
        'User-Agent': 'me',
        'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'X-Forwarded-For': '127.0.0.1',
        'X-Forwarded-Port': String(gateway.port),
        'X-Forwarded-Proto': 'http',
      },
      multiValueHeaders: expect.objectContaining({ 'X-Twice': ['1', '2'], Host: ['localhost'] }),
      queryStringParameters: { q: 'z', flag: '' },
      multiValueQueryStringParameters: { q: ['x/y', 'z'], flag: [''] },
      pathParameters: { id: 'a%20b' },
      stageVariables: { stage: 'envA' },
      requestContext: {
        resourceId: expect.stringMatching(/^[0-9a-z]{6}$/),
        resourcePath: '/user/{id}',
        httpMethod: 'POST',
        extendedRequestId: expect.any(String),
        requestTime: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/),
        path: '/envA/user/a%20b',
        accountId: ACCOUNT,
        protocol: 'HTTP/1.1',
        stage: 'envA',
        domainPrefix: API_ID,
        requestTimeEpoch: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        identity: {
          cognitoIdentityPoolId: null,
          accountId: null,
          cognitoIdentityId: null,
          caller: null,
          sourceIp: '127.0.0.1',
          principalOrgId: null,
          accessKey: null,
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: null,
          userAgent: 'me',
          user: null,
        },
        domainName: `${API_ID}.execute-api.${REGION}.amazonaws.com`,
        deploymentId: 'dep1',
        apiId: API_ID,
      },
      body: '{"name":"ö"}',
      isBase64Encoded: false,
    });
  });

  it('has null for what a request lacks, and keeps a client name of __proto__', async () => {
    const gateway = await startTestGateway();
    await gateway.send('/envB/test');
    expect(gateway.invocations[0]?.payload).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
    });
    await gateway.send('/envB/test?__proto__=x', { headers: { ['__proto__']: 'y' } });
    expect(JSON.stringify(gateway.invocations[1]?.payload)).toContain('"queryStringParameters":{"__proto__":"x"}');
  });

  it('encodes the body of a binary media type, and decodes the answer for a client that accepts one', async () => {
    const bytes = Buffer.from([0, 255, 128]);
    const gateway = await startTestGateway({
      region: regionModel({
        restApis: [restApi({ binaryMediaTypes: ['image/*'], methods: [method('POST', '/test')] })],
      }),
      invoke: async () => ({
        ok: true,
        requestId: 'i-1',
        payload: {
          statusCode: 200,
          isBase64Encoded: true,
          headers: { 'Content-Type': 'image/png' },
          body: bytes.toString('base64'),
        },
      }),
    });
    const options = { method: 'POST', body: bytes };
    const binary = await gateway.send('/envA/test', { ...options, headers: { 'Content-Type': 'image/png' } });
    expect(gateway.invocations[0]?.payload).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
    expect(binary.bytes).toEqual(bytes);
    const text = await gateway.send('/envA/test', { ...options, headers: { Accept: 'text/html, image/png' } });
    expect(gateway.invocations[1]?.payload).toMatchObject({ isBase64Encoded: false });
    expect(text.text).toBe(bytes.toString('base64'));
  });

  it.each([
    'Connection',
    'Content-MD5',
    'Expect',
    'Max-Forwards',
    'Proxy-Authenticate',
    'Server',
    'TE',
    'WWW-Authenticate',
  ])('does not pass the header %s on to the function', async (name) => {
    const gateway = await startTestGateway();
    const value = name === 'Expect' ? '100-continue' : 'close';
    await gateway.send('/envA/test', { headers: { [name]: value, Via: '1.1 proxy', Host: 'localhost' } });
    expect(gateway.invocations[0]?.payload).toMatchObject({ headers: { Via: '1.1 proxy' } });
    expect(gateway.invocations[0]?.payload).not.toHaveProperty(['headers', name]);
    expect(gateway.invocations[0]?.payload).not.toHaveProperty(['multiValueHeaders', name]);
  });

  it('passes Authorization on unless it is a signature', async () => {
    const gateway = await startTestGateway();
    await gateway.send('/envA/test', { headers: { Authorization: 'Bearer x', Host: 'localhost' } });
    await gateway.send('/envA/test', {
      headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=x', Host: 'localhost' },
    });
    expect(gateway.invocations[0]?.payload).toHaveProperty('headers.Authorization', 'Bearer x');
    expect(gateway.invocations[1]?.payload).not.toHaveProperty('headers.Authorization');
  });

  it.each<[string, unknown, number, string, Record<string, unknown>]>([
    ['status as text', { statusCode: '201', body: 'x' }, 201, 'x', { 'content-type': 'application/json' }],
    ['nothing at all', {}, 200, '', { 'content-length': '0' }],
    ['null fields', { statusCode: 200, body: null, headers: null, multiValueHeaders: null }, 200, '', {}],
    ['no content', { statusCode: 204 }, 204, '', { 'content-length': undefined }],
    ['scalar headers', { headers: { a: true, b: 1 } }, 200, '', { a: 'true', b: '1' }],
    [
      'headers of both kinds',
      {
        headers: { 'X-A': 'single', 'X-B': 'kept', 'X-C': 'same' },
        multiValueHeaders: { 'x-a': ['1', '2'], 'x-c': ['same'], 'Set-Cookie': ['a', 'b'] },
      },
      200,
      '',
      { 'x-a': '1, 2, single', 'x-b': 'kept', 'x-c': 'same', 'set-cookie': ['a', 'b'] },
    ],
    [
      "headers that are the gateway's",
      {
        headers: { Connection: 'close', 'Content-Length': '999', Date: 'x', Server: 'me', 'WWW-Authenticate': 'Basic' },
      },
      200,
      '',
      {
        'x-amzn-remapped-connection': 'close',
        'x-amzn-remapped-content-length': '999',
        'x-amzn-remapped-date': 'x',
        'x-amzn-remapped-server': 'me',
        'x-amzn-remapped-www-authenticate': 'Basic',
        'content-length': '0',
      },
    ],
    [
      'headers that are dropped',
      { headers: { TE: 'trailers', Expect: 'x', Host: 'x', Trailer: 'x', 'Transfer-Encoding': 'chunked', Via: 'x' } },
      200,
      '',
      Object.fromEntries(
        ['te', 'expect', 'host', 'trailer', 'transfer-encoding', 'via'].flatMap((name) => [
          [name, undefined],
          [`x-amzn-remapped-${name}`, undefined],
        ]),
      ),
    ],
  ])('answers with %s', async (_, payload, status, text, headers) => {
    const gateway = await startTestGateway({ invoke: async () => ({ ok: true, requestId: 'i-1', payload }) });
    const answer = await gateway.send('/envA/test');
    expect(answer).toMatchObject({ status, text });
    for (const [name, value] of Object.entries(headers)) expect(answer.headers[name]).toEqual(value);
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['x-amz-apigw-id']).toBeTruthy();
    expect(answer.headers['x-amzn-trace-id']).toMatch(/^Root=1-/);
  });

  it.each<[string, InvokeResult, string]>([
    ['returns null', { ok: true, requestId: 'i-1', payload: null }, 'null'],
    ['returns text', { ok: true, requestId: 'i-1', payload: 'hello' }, 'hello'],
    ['returns an array', { ok: true, requestId: 'i-1', payload: [] }, 'an array'],
    [
      'returns an unknown field',
      { ok: true, requestId: 'i-1', payload: { statusCode: 200, cookies: [] } },
      '"cookies"',
    ],
    [
      'returns a body that is no text',
      { ok: true, requestId: 'i-1', payload: { statusCode: 200, body: { a: 1 } } },
      'JSON.stringify',
    ],
    ['returns a status out of range', { ok: true, requestId: 'i-1', payload: { statusCode: 99 } }, '99'],
    ['returns an informational status', { ok: true, requestId: 'i-1', payload: { statusCode: 101 } }, '101'],
    ['returns a status that is no number', { ok: true, requestId: 'i-1', payload: { statusCode: 'ok' } }, '"ok"'],
    ['returns headers as an array', { ok: true, requestId: 'i-1', payload: { headers: ['a'] } }, 'an array'],
    ['returns a header that is an object', { ok: true, requestId: 'i-1', payload: { headers: { a: {} } } }, '"a"'],
    [
      'returns a header with a line end',
      { ok: true, requestId: 'i-1', payload: { headers: { a: 'x\r\nEvil: 1' } } },
      '"a"',
    ],
    [
      'returns a header name with a space',
      { ok: true, requestId: 'i-1', payload: { headers: { 'a b': 'x' } } },
      '"a b"',
    ],
    [
      'returns multi-value headers without arrays',
      { ok: true, requestId: 'i-1', payload: { multiValueHeaders: { a: 'x' } } },
      '"a"',
    ],
    [
      'returns isBase64Encoded as text',
      { ok: true, requestId: 'i-1', payload: { isBase64Encoded: 'yes' } },
      'isBase64Encoded',
    ],
    [
      'throws',
      { ok: false, kind: 'error', requestId: 'i-1', errorType: 'TypeError', errorMessage: 'secret', trace: ['at x'] },
      'TypeError: secret',
    ],
    [
      'crashes',
      { ok: false, kind: 'crash', requestId: 'i-1', errorType: 'Runtime.ExitError', message: 'exit status 1' },
      'exit status 1',
    ],
    [
      'times out',
      {
        ok: false,
        kind: 'timeout',
        requestId: 'i-1',
        errorType: 'Sandbox.Timedout',
        errorMessage: 'Task timed out after 3.00 seconds',
      },
      'timed out',
    ],
  ])('S0.9: a function that %s is a 502 that tells the client nothing and the log all', async (_, result, reason) => {
    const gateway = await startTestGateway({ invoke: async () => result });
    const answer = await gateway.send('/envA/test');
    expect(answer).toMatchObject({ status: 502, text: '{"message": "Internal server error"}'.replace(': ', ':') });
    expect(answer.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
    expect(gateway.warnings()).toEqual([expect.stringContaining(reason)]);
  });

  it('is a 504 when the function does not answer within the integration timeout', async () => {
    const slow = method('GET', '/test', { integration: { timeoutMilliseconds: 20 } });
    const gateway = await startTestGateway({
      region: regionModel({ restApis: [restApi({ methods: [slow] })] }),
      invoke: () => new Promise(() => {}),
    });
    const answer = await gateway.send('/envA/test');
    expect(answer).toMatchObject({ status: 504, text: '{"message":"Endpoint request timed out"}' });
  });

  it('is a 500 when the invocation itself fails, and the gateway lives', async () => {
    let calls = 0;
    const gateway = await startTestGateway({
      invoke: async () => {
        calls += 1;
        if (calls === 1) throw new Error('the pool is closed');
        return { ok: true, requestId: 'i-1', payload: { statusCode: 200, body: 'fine' } };
      },
    });
    expect(await gateway.send('/envA/test')).toMatchObject({
      status: 500,
      text: '{"message":"Internal server error"}',
    });
    expect(gateway.warnings()).toEqual([expect.stringContaining('the pool is closed')]);
    expect((await gateway.send('/envA/test')).status).toBe(200);
  });

  it('answers HEAD without a body where the method is declared', async () => {
    const gateway = await startTestGateway({
      region: regionModel({ restApis: [restApi({ methods: [method('ANY', '/test')] })] }),
    });
    const answer = await gateway.send('/envA/test', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-length']).toBe('13');
  });
});
