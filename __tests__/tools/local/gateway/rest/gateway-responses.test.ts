import { describe, expect, it } from 'vitest';
import type { GatewayResponse } from '#local/model/api-model.ts';
import { startTestGateway } from './support/gateway.ts';
import { method, regionModel, restApi } from './support/model.ts';

const templates = { 'application/json': '{"error":$context.error.messageString,"requestId":"$context.requestId"}' };

function response(responseType: string, overrides: Partial<GatewayResponse> = {}): GatewayResponse {
  return { responseType, responseTemplates: {}, responseParameters: {}, ...overrides };
}

function start(...gatewayResponses: GatewayResponse[]) {
  const validated = method('POST', '/validated', {
    requestValidator: { body: true, parameters: true },
    requestModels: { 'application/json': 'User' },
    requestParameters: {
      'method.request.querystring.id': true,
      'method.request.header.X-Client': true,
      'method.request.querystring.page': false,
    },
  });
  const api = restApi({
    methods: [method('GET', '/test'), validated],
    models: { User: { type: 'object', required: ['name'] } },
    gatewayResponses,
  });
  return startTestGateway({ region: regionModel({ restApis: [api] }) });
}

describe('S3.5: gateway responses', () => {
  it("are AWS's where the API declares none", async () => {
    const gateway = await start();
    const answer = await gateway.send('/envA/unknown');
    expect(answer).toMatchObject({ status: 403, text: '{"message":"Missing Authentication Token"}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-errortype': 'MissingAuthenticationTokenException',
    });
  });

  it('turn an unknown route into 404 with status, template and headers of the API', async () => {
    const gateway = await start(
      response('MISSING_AUTHENTICATION_TOKEN', {
        statusCode: '404',
        responseTemplates: {
          'application/json':
            '{"error":"no $context.httpMethod $context.path on $stageVariables.stage","requestId":"$context.requestId"}',
        },
        responseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
          'gatewayresponse.header.X-Asked': 'method.request.querystring.q',
          'gatewayresponse.header.X-Stage': 'context.stage',
        },
      }),
    );
    const answer = await gateway.send('/envA/no"where?q=1');
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({
      error: 'no GET /envA/no"where on envA',
      requestId: answer.headers['x-amzn-requestid'],
    });
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-asked': '1', 'x-stage': 'envA' });
  });

  it('leave out a header whose value the client made unfit for HTTP', async () => {
    const gateway = await start(
      response('DEFAULT_4XX', {
        responseParameters: { 'gatewayresponse.header.X-Asked': 'method.request.querystring.q' },
      }),
    );
    const answer = await gateway.send('/envA/unknown?q=a%0D%0AEvil:%201');
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('x-asked');
    expect(answer.headers).not.toHaveProperty('evil');
  });

  it('fall back to DEFAULT_4XX and DEFAULT_5XX of the API, with the status of the type', async () => {
    const gateway = await start(
      response('DEFAULT_4XX', { responseTemplates: templates }),
      response('DEFAULT_5XX', { responseTemplates: templates, statusCode: '599' }),
    );
    const unknown = await gateway.send('/envA/unknown');
    expect(unknown).toMatchObject({ status: 403 });
    expect(unknown.json()).toMatchObject({ error: 'Missing Authentication Token' });
    expect((await gateway.send('/envA/test%')).status).toBe(400);
  });

  it('say what a body or a parameter lacks', async () => {
    const details = {
      'application/json':
        '{"error":$context.error.messageString,"cause":"$context.error.validationErrorString","type":"$context.error.responseType"}',
    };
    const gateway = await start(
      response('BAD_REQUEST_BODY', { responseTemplates: details }),
      response('BAD_REQUEST_PARAMETERS', { responseTemplates: details, statusCode: '422' }),
    );
    const options = { method: 'POST', headers: { 'X-Client': 'me' } };
    const body = await gateway.send('/envA/validated?id=1', { ...options, body: '{}' });
    expect(body.status).toBe(400);
    expect(body.json()).toEqual({
      error: 'Invalid request body',
      cause: '[object has missing required properties (["name"])]',
      type: 'BAD_REQUEST_BODY',
    });
    const parameters = await gateway.send('/envA/validated?id=', { method: 'POST', body: '{}' });
    expect(parameters.status).toBe(422);
    expect(parameters.json()).toMatchObject({
      error: 'Missing required request parameters: [id, X-Client]',
      type: 'BAD_REQUEST_PARAMETERS',
    });
    for (const text of ['', '{', 'null', '[1]', '"x"']) {
      expect((await gateway.send('/envA/validated?id=1', { ...options, body: text })).status).toBe(400);
    }
    const passing = await gateway.send('/envA/validated?id=1', { ...options, body: '{"name":"x"}' });
    expect(passing.status).toBe(200);
    const unmodelled = { ...options, headers: { ...options.headers, 'content-type': 'text/plain' }, body: 'x' };
    expect((await gateway.send('/envA/validated?id=1', unmodelled)).status).toBe(200);
  });

  it('choose the template of the type that the client accepts', async () => {
    const gateway = await start(
      response('DEFAULT_4XX', {
        responseTemplates: { 'text/plain': 'error: $context.error.message', 'application/json': '{}' },
      }),
    );
    const plain = await gateway.send('/envA/unknown', { headers: { accept: 'text/plain, */*' } });
    expect(plain).toMatchObject({ text: 'error: Missing Authentication Token' });
    expect(plain.headers['content-type']).toBe('text/plain');
    expect((await gateway.send('/envA/unknown', { headers: { accept: '*/*' } })).text).toBe('{}');
  });

  it.each([
    ['HEAD', '/envA/test'],
    ['POST', '/envA/test'],
    ['PROPFIND', '/envA/test'],
    ['GET', '/envA'],
    ['GET', '/envA/'],
    ['GET', '/envA/test/more'],
    ['GET', '/envA/test//'],
    ['GET', '/envA/../envA/test'],
  ])('answer %s %s like an unknown route', async (verb, path) => {
    const gateway = await start();
    expect((await gateway.send(path, { method: verb })).status).toBe(403);
    expect(gateway.invocations).toEqual([]);
  });
});
