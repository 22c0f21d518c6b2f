import { describe, expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { API_ID, httpApi, REGION, regionWith, route } from './support/model.ts';

const OTHER = 'zzz987yyyx';
const variables = { stage: 'envA' };
const region = regionWith(
  {},
  {
    httpApis: [
      httpApi({ routes: [route('$default')] }),
      httpApi({ id: OTHER, routes: [route('$default')], stages: [{ name: '$default', deploymentId: 'd', variables }] }),
    ],
    domains: [
      {
        domainName: 'events.example.com',
        regionalDomainName: `d-1.execute-api.${REGION}.amazonaws.com`,
        mappings: [
          { basePath: '', apiId: API_ID, stage: 'envB' },
          { basePath: 'v1', apiId: OTHER, stage: '$default' },
        ],
      },
      {
        domainName: 'api.example.com',
        regionalDomainName: `d-2.execute-api.${REGION}.amazonaws.com`,
        mappings: [{ basePath: '', apiId: 'rest', stage: 'envA' }],
      },
    ],
  },
);
const hostOf = (apiId: string) => `${apiId}.execute-api.${REGION}.amazonaws.com`;

describe('S2.5: the stage that a request is for', () => {
  // A stage of its own name is in rawPath even where a mapping hides it; a mapping's base path never is.
  it.each([
    ['127.0.0.1:4000', '/envA/events', 'envA', '/envA/events', hostOf(API_ID)],
    ['localhost', '/envB', 'envB', '/envB/', hostOf(API_ID)],
    ['localhost', '/events', '$default', '/events', hostOf(OTHER)],
    ['localhost', '/', '$default', '/', hostOf(OTHER)],
    [hostOf(API_ID), '/envA/', 'envA', '/envA/', hostOf(API_ID)],
    [hostOf(OTHER), '/envA/x', '$default', '/envA/x', hostOf(OTHER)],
    ['events.example.com', '/events', 'envB', '/envB/events', 'events.example.com'],
    ['Events.Example.com:3005', '/', 'envB', '/envB/', 'events.example.com'],
    ['events.example.com', '/v1/events', '$default', '/events', 'events.example.com'],
    ['events.example.com', '/v1', '$default', '/', 'events.example.com'],
  ])('by Host %s and %s is %s', async (host, path, stage, rawPath, domainName) => {
    const gateway = await startTestGateway({ region });
    expect((await gateway.send(path, { headers: { host } })).status).toBe(200);
    expect(gateway.invocations[0]?.payload).toMatchObject({
      rawPath,
      requestContext: { stage, domainName, domainPrefix: domainName.split('.')[0], http: { path: rawPath } },
    });
  });

  it.each([
    ['api.example.com', '/events'],
    ['evil.example.com', '/envA/events'],
    [hostOf(API_ID), '/nowhere/events'],
    [hostOf(API_ID), '/'],
  ])('by Host "%s" and %s is none: 404', async (host, path) => {
    const gateway = await startTestGateway({ region });
    const answer = await gateway.send(path, { headers: { host } });
    expect(answer).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
    expect(answer.headers['apigw-requestid']).toMatch(/=$/);
    expect(gateway.invocations).toEqual([]);
  });
});
