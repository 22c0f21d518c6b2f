import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMappingTemplate } from '#local/vtl/compile-template.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';
import { startTestGateway } from './support/gateway.ts';
import { method, regionModel, restApi } from './support/model.ts';
import { send } from './support/send.ts';

const TEMPLATE = `{
  "id": "$util.escapeJavaScript($input.params('id'))",
  "stage": "$stageVariables.stage",
  "_method": "$context.httpMethod",
  "name": $input.json('$.name')
}`;
const post = method('POST', '/user/{id}', {
  integration: { type: 'AWS', requestTemplates: { 'application/json': TEMPLATE }, passthroughBehavior: 'NEVER' },
  integrationResponses: [
    { statusCode: '200', responseTemplates: {}, responseParameters: {} },
    {
      statusCode: '400',
      selectionPattern: '400: (?:.|\\n)*',
      responseTemplates: { 'application/json': `{"error":$input.json('$.errorMessage')}` },
      responseParameters: {},
    },
  ],
});
const start = (errorMessage?: string) =>
  startTestGateway({
    compileTemplate: compileMappingTemplate,
    region: regionModel({ restApis: [restApi({ methods: [post] })] }),
    invoke: async () =>
      errorMessage === undefined
        ? { ok: true, requestId: 'i-1', payload: { done: true } }
        : { ok: false, kind: 'error', requestId: 'i-1', errorType: 'Error', errorMessage },
  });
const headers = { 'content-type': 'application/json' };

describe('S1.1: mapping templates of the runtime behind the gateway', () => {
  it('pass a name to the function exactly as it was sent', async () => {
    const gateway = await start();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: anyCharacter }), fc.constantFrom('$a', '#if', '"\\\n', "'")),
        async (name) => {
          const answer = await send(gateway.port, '/envA/user/42', {
            method: 'POST',
            headers,
            body: JSON.stringify({ name }),
          });
          expect(answer.status).toBe(200);
          expect(gateway.invocations.at(-1)?.payload).toEqual({ id: '42', stage: 'envA', _method: 'POST', name });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('S1.2: turn a thrown 400: … into a response of that status, over several lines too', async () => {
    const gateway = await start('400: name\n"x" is required');
    const answer = await gateway.send('/envA/user/42', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ error: '400: name\n"x" is required' });
  });

  it.each(['{', '', '[', 'null', '\0'])('take the body %j without a 5xx', async (body) => {
    const gateway = await start();
    const answer = await gateway.send('/envA/user/42', { method: 'POST', headers, body });
    expect(answer.status).toBeLessThan(500);
  });

  it('say once what fails in a template of the API', async () => {
    const broken = method('GET', '/test', {
      integration: {
        type: 'AWS',
        requestTemplates: { 'application/json': '#foreach($i in [1..2000])#foreach($j in [1..2000])$i#end#end' },
      },
    });
    const gateway = await startTestGateway({
      compileTemplate: compileMappingTemplate,
      region: regionModel({ restApis: [restApi({ methods: [broken] })] }),
    });
    for (const _ of [1, 2]) expect((await gateway.send('/envA/test')).status).toBe(500);
    expect(gateway.warnings()).toEqual([
      expect.stringContaining('primary envA GET /test: the request template failed'),
    ]);
  });

  it('respond with the status and the headers that the request template set, which the response template can see and change', async () => {
    const overriding = (responseTemplate: string) =>
      method('POST', '/user/{id}', {
        integration: {
          type: 'AWS',
          requestTemplates: {
            'application/json':
              '#set($context.responseOverride.status = 202)#set($context.responseOverride.header.X-From = "request")#set($context.responseOverride.header.X-List = ["a", "b"]){}',
          },
          passthroughBehavior: 'NEVER',
        },
        integrationResponses: [
          { statusCode: '200', responseTemplates: { 'application/json': responseTemplate }, responseParameters: {} },
        ],
      });
    const answers = await Promise.all(
      ['plain', '$context.responseOverride.status#set($context.responseOverride.header.X-From = "response")'].map(
        async (template) => {
          const gateway = await startTestGateway({
            compileTemplate: compileMappingTemplate,
            region: regionModel({ restApis: [restApi({ methods: [overriding(template)] })] }),
            invoke: async () => ({ ok: true, requestId: 'i-1', payload: {} }),
          });
          const {
            status,
            headers: received,
            text,
          } = await gateway.send('/envA/user/1', { method: 'POST', headers, body: '{}' });
          return [status, received['x-from'], received['x-list'], text];
        },
      ),
    );
    expect(answers).toEqual([
      [202, 'request', 'a, b', 'plain'],
      [202, 'response', 'a, b', '202'],
    ]);
  });

  it('start with a template that is not valid, whose requests get a 500, and say that once', async () => {
    const broken = method('GET', '/test', {
      integration: { type: 'AWS', requestTemplates: { 'application/json': '#if($x' } },
    });
    const gateway = await startTestGateway({
      compileTemplate: compileMappingTemplate,
      region: regionModel({ restApis: [restApi({ methods: [broken] })] }),
    });
    expect(gateway.warnings()[0]).toMatch(/envA GET \/test: The mapping template isn't valid.*line 1, column 7.*500/);
    const warned = gateway.warnings().length;
    for (const _ of [1, 2]) expect((await gateway.send('/envA/test')).status).toBe(500);
    expect(gateway.warnings().length - warned).toBe(1);
  });

  it('say once which method of Java is not known here, and render nothing for it', async () => {
    const unknown = method('GET', '/test', {
      integration: {
        type: 'AWS',
        requestTemplates: { 'application/json': '#set($x = "a"){"a":"$x.chars()"}' },
        passthroughBehavior: 'NEVER',
      },
      integrationResponses: [{ statusCode: '200', responseTemplates: {}, responseParameters: {} }],
    });
    const gateway = await startTestGateway({
      compileTemplate: compileMappingTemplate,
      region: regionModel({ restApis: [restApi({ methods: [unknown] })] }),
      invoke: async () => ({ ok: true, requestId: 'i-1', payload: {} }),
    });
    for (const _ of [1, 2]) expect((await gateway.send('/envA/test')).status).toBe(200);
    expect(gateway.invocations.at(-1)?.payload).toEqual({ a: '' });
    expect(gateway.warnings()).toEqual([
      expect.stringMatching(/envA GET \/test: a mapping template: chars\(\) .* java\.lang\.String .*line 1, column 24/),
    ]);
  });
});
