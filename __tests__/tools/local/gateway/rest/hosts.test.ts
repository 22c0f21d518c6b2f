import { describe, expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { API_ID, lambdaFunction, method, REGION, regionModel, restApi } from './support/model.ts';

const OTHER = 'zzz987yyyx';
const region = regionModel({
  functions: [
    lambdaFunction({ permissions: ['envA', 'envB'].map((qualifier) => ({ action: '*', principal: '*', qualifier })) }),
  ],
  restApis: [
    restApi({ methods: [method('GET', '/'), method('GET', '/test')] }),
    restApi({
      id: OTHER,
      methods: [method('GET', '/other')],
      stages: [
        { name: 'envA', deploymentId: 'd', variables: { stage: 'envA' } },
        { name: 'own', deploymentId: 'd', variables: { stage: 'envA' } },
      ],
    }),
  ],
  domains: [
    {
      domainName: 'api.example.com',
      regionalDomainName: `d-1.execute-api.${REGION}.amazonaws.com`,
      mappings: [
        { basePath: '', apiId: API_ID, stage: 'envB' },
        { basePath: 'v1', apiId: API_ID, stage: 'envA' },
        { basePath: 'v1/other', apiId: OTHER, stage: '' },
      ],
    },
    {
      domainName: 'mapped.example.com',
      regionalDomainName: `d-2.execute-api.${REGION}.amazonaws.com`,
      mappings: [{ basePath: 'only', apiId: API_ID, stage: 'envA' }],
    },
  ],
});

async function call(host: string, path: string) {
  const gateway = await startTestGateway({ region });
  const answer = await gateway.send(path, { headers: { host } });
  return { answer, payload: gateway.invocations[0]?.payload };
}

describe('S0.12, S0.17: the stage that a request is for', () => {
  it.each([
    ['127.0.0.1:4000', '/envA/test', 'envA', '/test', '/envA/test', API_ID],
    ['localhost', '/envB', 'envB', '/', '/envB/', API_ID],
    ['localhost', '//envA/test', 'envA', '/test', '/envA/test', API_ID],
    ['localhost', '/envA//test', 'envA', '/test', '/envA//test', API_ID],
    [`${API_ID}.execute-api.${REGION}.amazonaws.com`, '///envA///test', 'envA', '/test', '/envA///test', API_ID],
    ['api.example.com', '//test', 'envB', '/test', '//test', API_ID],
    ['[::1]:4000', '/envA/', 'envA', '/', '/envA/', API_ID],
    ['localhost', '/own/other', 'own', '/other', '/own/other', OTHER],
    [`${API_ID}.execute-api.${REGION}.amazonaws.com`, '/envA/test', 'envA', '/test', '/envA/test', API_ID],
    [`${OTHER}.execute-api.${REGION}.amazonaws.com:443`, '/envA/other', 'envA', '/other', '/envA/other', OTHER],
    ['api.example.com', '/test', 'envB', '/test', '/test', API_ID],
    ['API.Example.com.:443', '/', 'envB', '/', '/', API_ID],
    ['api.example.com', '/v1/test', 'envA', '/v1/test', '/v1/test', API_ID],
    ['api.example.com', '/v1', 'envA', '/v1/', '/v1/', API_ID],
    ['api.example.com', '/v1/other/own/other', 'own', '/v1/other/other', '/v1/other/own/other', OTHER],
  ])('by Host %s and %s is %s', async (host, target, stage, path, contextPath, apiId) => {
    const { answer, payload } = await call(host, target);
    expect(answer.status).toBe(200);
    expect(payload).toMatchObject({ path, requestContext: { stage, apiId, path: contextPath } });
  });

  it('tells the function the public name', async () => {
    const { payload } = await call('api.example.com', '/test');
    expect(payload).toMatchObject({ requestContext: { domainName: 'api.example.com', domainPrefix: 'api' } });
  });

  it.each([
    ['localhost', '/', 'no stage'],
    ['localhost', '/envC/test', 'no such stage'],
    ['localhost', '/constructor/test', 'an inherited name'],
    ['example.com', '/envA/test', 'no API behind that name'],
    ['127.0.0.1.example.com', '/envA/test', 'not the loopback interface'],
    [`d-1.execute-api.${REGION}.amazonaws.com`, '/test', 'the target of an alias record, not a name of its own'],
    [`${API_ID}.execute-api.us-east-1.amazonaws.com`, '/envA/test', 'another region'],
    ['mapped.example.com', '/test', 'no mapping for that path'],
    ['mapped.example.com', '/onlyx', 'no mapping for that path'],
  ])('is none by Host %j and %s: %s', async (host, path) => {
    const { answer } = await call(host, path);
    expect(answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(answer.headers['x-amzn-errortype']).toBe('ForbiddenException');
  });

  it('is none by the execute-api host of an API that is closed there; its domains lead to it (B23)', async () => {
    const closed = { ...region, restApis: region.restApis.map((api) => ({ ...api, isExecuteApiClosed: true })) };
    const gateway = await startTestGateway({ region: closed });
    const host = `${API_ID}.execute-api.${REGION}.amazonaws.com`;
    expect(await gateway.send('/envA/test', { headers: { host } })).toMatchObject({ status: 403 });
    expect(await gateway.send('/test', { headers: { host: 'api.example.com' } })).toMatchObject({ status: 200 });
  });
});
