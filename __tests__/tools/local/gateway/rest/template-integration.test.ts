import { describe, expect, it } from 'vitest';
import type { InvokeFunction, InvokeResult } from '#local/lambda/invoke-result.ts';
import type { IntegrationResponse, RestStage } from '#local/model/api-model.ts';
import { compileMappingTemplate } from '#local/vtl/compile-template.ts';
import { startTestGateway } from './support/gateway.ts';
import { type MethodOverrides, method, regionModel, restApi } from './support/model.ts';

function reply(statusCode: string, overrides: Partial<IntegrationResponse> = {}): IntegrationResponse {
  return { statusCode, responseTemplates: {}, responseParameters: {}, ...overrides };
}

const REQUEST = '{"id":"$id","stage":"$stage","_method":"POST","body":$json}';
const RESPONSES = [
  reply('200'),
  reply('400', { selectionPattern: '400: .*', responseTemplates: { 'application/json': '{"error":"$messageField"}' } }),
  reply('500', {
    selectionPattern: '(?s)(?!40\\d: ).+',
    responseTemplates: { 'application/json': '{"error":"Internal server error"}' },
  }),
];

function start(
  overrides: MethodOverrides = {},
  result: InvokeResult = { ok: true, requestId: 'i-1', payload: { id: 'x' } },
) {
  const declared = method('POST', '/user/{id}', {
    integrationResponses: RESPONSES,
    ...overrides,
    integration: {
      type: 'AWS',
      requestTemplates: { 'application/json': REQUEST },
      passthroughBehavior: 'NEVER',
      ...overrides.integration,
    },
  });
  return startTestGateway({
    region: regionModel({ restApis: [restApi({ methods: [declared] })] }),
    invoke: async () => result,
  });
}

const thrown = (errorMessage: string): InvokeResult => ({
  ok: false,
  kind: 'error',
  requestId: 'i-1',
  errorType: 'Error',
  errorMessage,
  trace: ['at secret.ts:1'],
});
const post = (body: string, contentType = 'application/json') => ({
  method: 'POST',
  headers: { 'content-type': contentType },
  body,
});

describe('S1.1: Lambda integration with mapping templates', () => {
  it.each([
    [undefined, 'application/json', '{"made":"json"}'],
    ['application/xml', 'application/xml', '<made/>'],
    ['Application/XML;q=0.5, application/json', 'application/xml', '<made/>'],
    ['application/json, application/xml', 'application/json', '{"made":"json"}'],
    ['text/html', 'application/json', '{"made":"json"}'],
    ['*/*', 'application/json', '{"made":"json"}'],
  ])('by Accept %s chooses the template for %s', async (accept, contentType, text) => {
    const responseTemplates = { 'application/xml': '<made/>', 'application/json': '{"made":"json"}' };
    const gateway = await start({ integrationResponses: [reply('200', { responseTemplates })] });
    const { headers, ...rest } = post('{}');
    const response = await gateway.send('/envA/user/1', {
      ...rest,
      headers: { ...headers, ...(accept && { accept }) },
    });
    expect(response).toMatchObject({ status: 200, text });
    expect(response.headers['content-type']).toBe(contentType);
  });

  it('passes what the request template rendered, and answers what the function returned', async () => {
    const gateway = await start();
    const answer = await gateway.send('/envB/user/42', post('{"name":"O\\"Neill"}', 'application/json; charset=utf-8'));
    expect(gateway.invocations).toEqual([
      {
        functionName: 'app-test',
        qualifier: 'envB',
        payload: { id: '42', stage: 'envB', _method: 'POST', body: { name: 'O"Neill' } },
        // It has no headers: what gateway and function log would be two traces.
        traceId: String(answer.headers['x-amzn-trace-id']).slice('Root='.length),
      },
    ]);
    expect(answer).toMatchObject({ status: 200, text: '{"id":"x"}' });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it.each<[string, InvokeResult, number, string]>([
    ['400: …', thrown('400: name is required'), 400, '{"error":"400: name is required"}'],
    ['500: …', thrown('500: table'), 500, '{"error":"Internal server error"}'],
    ['anything', thrown('boom\nsecret'), 500, '{"error":"Internal server error"}'],
    [
      'a crash',
      {
        ok: false,
        kind: 'crash',
        requestId: 'i-1',
        errorType: 'Runtime.ExitError',
        message: 'RequestId: 1 Error: exit',
      },
      500,
      '{"error":"Internal server error"}',
    ],
    [
      'a timeout',
      { ok: false, kind: 'timeout', requestId: 'i-1', errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' },
      500,
      '{"error":"Internal server error"}',
    ],
  ])('S1.2: maps a thrown %s by selection pattern', async (_, result, status, text) => {
    const gateway = await start({}, result);
    expect(await gateway.send('/envA/user/42', post('{}'))).toMatchObject({ status, text });
  });

  it('takes the response without a pattern when none matches, and is a 500 when there is none', async () => {
    const answered = await start({ integrationResponses: [reply('200')] }, thrown('boom'));
    expect(await answered.send('/envA/user/42', post('{}'))).toMatchObject({
      status: 200,
      text: '{"errorMessage":"boom","errorType":"Error","trace":["at secret.ts:1"]}',
    });
    const unmapped = await start(
      { integrationResponses: [reply('400', { selectionPattern: '400.*' })] },
      thrown('boom'),
    );
    expect((await unmapped.send('/envA/user/42', post('{}'))).status).toBe(500);
  });

  it('maps headers, and a template may override status and headers', async () => {
    const gateway = await start(
      {
        integrationResponses: [
          reply('200', {
            responseTemplates: { 'application/json': '{"made":1}#status=201' },
            responseParameters: {
              'method.response.header.Location': 'integration.response.body.links[0].href',
              'method.response.header.X-Fixed': "'a b'",
              'method.response.header.X-Id': 'context.requestId',
              'method.response.header.X-Missing': 'integration.response.body.nope',
              'method.response.header.X-Override': "'no'",
            },
          }),
        ],
      },
      { ok: true, requestId: 'i-1', payload: { links: [{ href: '/user/42' }] } },
    );
    const answer = await gateway.send('/envA/user/42', post('{}'));
    expect(answer).toMatchObject({ status: 201, text: '{"made":1}' });
    expect(answer.headers).toMatchObject({ location: '/user/42', 'x-fixed': 'a b', 'x-override': 'yes' });
    expect(answer.headers['x-id']).toBe(answer.headers['x-amzn-requestid']);
    expect(answer.headers).not.toHaveProperty('x-missing');
  });

  it.each([
    ['NEVER', { 'application/json': '{}' }, 'text/xml', 415],
    ['NEVER', {}, 'application/json', 415],
    ['WHEN_NO_TEMPLATES', { 'application/json': '{}' }, 'text/xml', 415],
    ['WHEN_NO_TEMPLATES', {}, 'text/xml', 200],
    ['WHEN_NO_MATCH', { 'application/json': '{"t":1}' }, 'text/xml', 200],
    ['NEVER', { $default: '{}' }, 'text/xml', 200],
    ['NEVER', { 'Application/JSON': '{}' }, 'APPLICATION/json', 200],
    ['NEVER', { 'application/json': '{}' }, 'constructor', 415],
  ] as const)(
    'with passthrough %s and templates %j a %s gets %i',
    async (passthroughBehavior, requestTemplates, type, status) => {
      const gateway = await start({ integration: { passthroughBehavior, requestTemplates } });
      const answer = await gateway.send('/envA/user/42', post('{"a":1}', type));
      expect(answer.status).toBe(status);
      if (status === 415) expect(answer.text).toBe('{"message":"Unsupported Media Type"}');
    },
  );

  it("takes a body that is not JSON for the client's mistake", async () => {
    const templated = await start();
    expect((await templated.send('/envA/user/42', post('{'))).status).toBe(400);
    const passed = await start({ integration: { requestTemplates: {}, passthroughBehavior: 'WHEN_NO_MATCH' } });
    expect((await passed.send('/envA/user/42', post('{'))).status).toBe(400);
    expect(await passed.send('/envA/user/42', post(''))).toMatchObject({ status: 200 });
    expect(passed.invocations.map(({ payload }) => payload)).toEqual([{}]);
  });
});

describe('the event of a body of several lines', () => {
  it('is in one line, its strings as they were', async () => {
    const events: string[] = [];
    const invoke: InvokeFunction = async ({ payload }) => {
      events.push(payload);
      return { ok: true, requestId: 'i-1', payload: {} };
    };
    const integration = { requestTemplates: {}, passthroughBehavior: 'WHEN_NO_MATCH' } as const;
    const methods = [method('POST', '/user/{id}', { integration: { type: 'AWS', ...integration } })];
    const gateway = await startTestGateway({ invoke, region: regionModel({ restApis: [restApi({ methods })] }) });
    await gateway.send('/envA/user/42', post('{\r\n\t"a":\n"x\\ny"\n}\n'));
    expect(events).toHaveLength(1);
    expect(events[0]).not.toContain('\n');
    expect(JSON.parse(events[0] ?? '')).toEqual({ a: 'x\ny' });
  });
});

describe('MOCK integration', () => {
  it('answers by the status that its request template renders', async () => {
    const gateway = await start({
      integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 204}' } },
      integrationResponses: [
        reply('200'),
        reply('204', { selectionPattern: '204', responseParameters: { 'method.response.header.Allow': "'POST'" } }),
      ],
    });
    const answer = await gateway.send('/envA/user/42', post(''));
    expect(answer.status).toBe(204);
    expect(answer.headers.allow).toBe('POST');
    expect(gateway.invocations).toEqual([]);
  });

  it('is a 500 without a status', async () => {
    const gateway = await start({ integration: { type: 'MOCK', requestTemplates: { 'application/json': '{}' } } });
    expect((await gateway.send('/envA/user/42', post(''))).status).toBe(500);
  });
});

describe('the invocation type of a Lambda integration', () => {
  const header = 'integration.request.header.X-Amz-Invocation-Type';
  const asynchronous = { requestParameters: { [header]: "'Event'" } };
  const fails: InvokeResult = {
    ok: false,
    kind: 'crash',
    requestId: 'i-1',
    errorType: 'Runtime.ExitError',
    message: 'no',
  };

  it('Event leaves the function to itself: the response is empty, whatever comes of it', async () => {
    const gateway = await start({ integration: asynchronous }, fails);
    const response = await gateway.send('/envA/user/1', post('{"a":1}'));
    expect(response).toMatchObject({ status: 200, text: '' });
    expect(gateway.invocations).toMatchObject([{ payload: { body: { a: 1 } } }]);
  });

  it("may come from the client's request; DryRun invokes nothing", async () => {
    const requestParameters = { [header]: 'method.request.header.type' };
    const gateway = await start({ integration: { requestParameters } }, fails);
    const sent = post('{}');
    const as = (type: string) => gateway.send('/envA/user/1', { ...sent, headers: { ...sent.headers, type } });
    expect((await as('DryRun')).status).toBe(200);
    expect(gateway.invocations).toEqual([]);
    expect((await as('RequestResponse')).status).toBe(500);
    expect(gateway.invocations).toHaveLength(1);
  });

  it('may be overridden by the template of the request', async () => {
    const region = regionModel({
      restApis: [
        restApi({
          methods: [
            method('POST', '/user/{id}', {
              integrationResponses: RESPONSES,
              integration: {
                type: 'AWS',
                requestTemplates: {
                  'application/json': '#set($context.requestOverride.header["x-amz-invocation-type"] = "Event"){}',
                },
              },
            }),
          ],
        }),
      ],
    });
    const gateway = await startTestGateway({
      region,
      compileTemplate: compileMappingTemplate,
      invoke: async () => fails,
    });
    expect(await gateway.send('/envA/user/1', post('{}'))).toMatchObject({ status: 200, text: '' });
  });
});

describe('throttling of methods', () => {
  const limit = { rateLimit: 0.001, burstLimit: 1 };
  const statuses = async (stage: Partial<RestStage>, paths: readonly string[]) => {
    const methods = [method('GET', '/test'), method('GET', '/user/{id}')];
    const stages = [{ name: 'envA', deploymentId: 'dep1', variables: { stage: 'envA' }, ...stage }];
    const gateway = await startTestGateway({ region: regionModel({ restApis: [restApi({ methods, stages })] }) });
    const responses: number[] = [];
    for (const path of paths) responses.push((await gateway.send(`/envA${path}`)).status);
    return responses;
  };

  it('of a stage gives each method a bucket of its own, and 429 when it is empty', async () => {
    const asked = ['/test', '/test', '/user/1', '/user/2'];
    expect(await statuses({ defaultThrottle: limit }, asked)).toEqual([200, 429, 200, 429]);
  });

  it("of one method holds for that one, whatever the stage's is", async () => {
    const methodThrottles = { 'GET /user/{id}': { rateLimit: 0.001, burstLimit: 2 } };
    const asked = ['/user/1', '/user/2', '/user/3', '/test', '/test'];
    expect(await statuses({ methodThrottles }, asked)).toEqual([200, 200, 429, 200, 200]);
    expect(await statuses({ methodThrottles, defaultThrottle: limit }, asked)).toEqual([200, 200, 429, 200, 429]);
  });
});
