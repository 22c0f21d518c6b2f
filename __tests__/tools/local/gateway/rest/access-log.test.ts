import { expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { method, regionModel, restApi } from './support/model.ts';

const NAMES = [
  'requestId',
  'httpMethod',
  'resourcePath',
  'path',
  'status',
  'protocol',
  'responseLength',
  'stage',
  'apiId',
  'accountId',
  'identity.sourceIp',
  'identity.userAgent',
  'identity.apiKeyId',
  'integration.status',
  'integration.error',
  'integration.requestId',
  'error.message',
  'error.responseType',
  'domainName',
  'requestTime',
  'xrayTraceId',
];
const format = JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, `$context.${name}`])));

it("S3.7: each request is one line of the stage's log, in its format, with what became of it", async () => {
  const api = restApi({
    methods: [method('GET', '/user/{id}')],
    stages: [
      { name: 'envA', deploymentId: 'd', variables: { stage: 'envA' }, accessLog: { logGroup: '/api/envA', format } },
      { name: 'envB', deploymentId: 'd', variables: { stage: 'envB' } },
    ],
  });
  const gateway = await startTestGateway({
    region: regionModel({ restApis: [api] }),
    invoke: async ({ qualifier }) =>
      qualifier === 'envA'
        ? { ok: true, payload: { statusCode: 201, body: 'äb' }, requestId: 'lambda-1' }
        : { ok: true, requestId: 'i-1', payload: {} },
  });
  const answer = await gateway.send('/envA/user/1', { headers: { 'user-agent': 'a"b\\' } });
  await gateway.send('/envA/nowhere');
  expect(gateway.invocations[0]?.traceId).toBe(String(answer.headers['x-amzn-trace-id']).slice('Root='.length));
  await gateway.send('/envB/user/1');
  const [served, refused, ...more] = gateway.accessLines().map((line): unknown => JSON.parse(line));
  expect(more).toEqual([]);
  expect(served).toMatchObject({
    requestId: answer.headers['x-amzn-requestid'],
    httpMethod: 'GET',
    resourcePath: '/user/{id}',
    path: '/envA/user/1',
    status: '201',
    protocol: 'HTTP/1.1',
    responseLength: '3',
    'identity.userAgent': 'a"b\\',
    'identity.apiKeyId': '-',
    'integration.status': '200',
    'integration.error': '-',
    'integration.requestId': 'lambda-1',
    xrayTraceId: String(answer.headers['x-amzn-trace-id']).slice('Root='.length),
    'error.message': '-',
  });
  expect(refused).toMatchObject({
    resourcePath: '-',
    status: '403',
    'integration.status': '-',
    'error.message': 'Missing Authentication Token',
    'error.responseType': 'MISSING_AUTHENTICATION_TOKEN',
  });
  expect(gateway.log.query(({ kind }) => kind === 'access')[0]).toMatchObject({
    region: 'primary',
    environment: 'envA',
    traceId: String(answer.headers['x-amzn-trace-id']).slice('Root='.length),
    requestId: answer.headers['x-amzn-requestid'],
    logGroup: '/api/envA',
  });
});

it('S3.7: $context.error.messageString is a JSON string of its own', async () => {
  const format = '{"quoted":$context.error.messageString,"message":"$context.error.message"}';
  const accessLog = { logGroup: '/api/envA', format };
  const stages = [{ name: 'envA', deploymentId: 'd', variables: { stage: 'envA' }, accessLog }];
  const gateway = await startTestGateway({ region: regionModel({ restApis: [restApi({ stages })] }) });
  await gateway.send('/envA/unknown');
  const message = 'Missing Authentication Token';
  expect(gateway.accessLines().map((line) => JSON.parse(line))).toEqual([{ quoted: message, message }]);
});
