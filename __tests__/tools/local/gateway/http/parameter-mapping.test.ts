import { describe, expect, it } from 'vitest';
import type { HttpIntegration } from '#local/model/api-model.ts';
import { returning, startTestGateway } from './support/gateway.ts';
import { regionWith, route } from './support/model.ts';

async function call(integration: Partial<HttpIntegration>, path: string, options = {}, payload: unknown = 'fine') {
  const routes = [route('ANY /users/{id}', { integration })];
  const stages = [{ name: 'envA', deploymentId: 'd', variables: { stage: 'envA', version: 'v2' } }];
  const gateway = await startTestGateway({ region: regionWith({ routes, stages }), invoke: returning(payload) });
  const response = await gateway.send(path, options);
  return { response, event: gateway.invocations[0]?.payload };
}

const request = (requestParameters: Readonly<Record<string, string>>, path: string, options = {}) =>
  call({ requestParameters }, path, options).then(({ event }) => event);

describe('what request_parameters make of a request', () => {
  it('is headers that are added, replaced and taken away', async () => {
    const event = await request(
      {
        'append:header.x-added': '$request.querystring.q',
        'overwrite:header.X-One': '$stageVariables.version',
        'append:header.x-two': 'more',
        'remove:header.x-gone': "''",
        'append:header.x-path': `$\{request.path}!$\{request.path.id} of $context.stage`,
        'append:header.x-body': '$request.body.a.b[1]',
        'append:header.x-header': '$request.header.X-Two',
        'append:header.x-none': '$request.header.none',
      },
      '/envA/users/7?q=1&q=2',
      {
        method: 'POST',
        headers: [
          'Host',
          'localhost',
          'X-One',
          '1',
          'X-Two',
          'a',
          'X-Two',
          'b',
          'X-Gone',
          'x',
          'Content-Type',
          'application/json',
        ],
        body: '{"a":{"b":[0,{"c":true}]}}',
      },
    );
    expect(event).toMatchObject({
      headers: {
        'x-added': '1,2',
        'x-one': 'v2',
        'x-two': 'a,b,more',
        'x-path': '/users/7!7 of envA',
        'x-body': '{"c":true}',
        'x-header': 'a,b',
      },
    });
    expect(event).not.toHaveProperty(['headers', 'x-gone']);
    expect(event).not.toHaveProperty(['headers', 'x-none']);
  });

  it('is another query string and path', async () => {
    const event = await request(
      {
        'append:querystring.q': 'a b&c',
        'overwrite:querystring.one': '$request.path.id',
        'remove:querystring.gone': "''",
        'overwrite:path': `/other/$\{request.path.id}`,
      },
      '/envA/users/7?q=1&one=x&gone=1',
    );
    expect(event).toMatchObject({
      rawPath: '/envA/other/7',
      rawQueryString: 'q=1&q=a%20b%26c&one=7',
      queryStringParameters: { q: '1,a b&c', one: '7' },
      routeKey: 'ANY /users/{id}',
      pathParameters: { id: '7' },
    });
  });

  it('reaches events of payload format 1.0, too', async () => {
    const { event } = await call(
      { payloadFormatVersion: '1.0', requestParameters: { 'overwrite:header.x-one': 'mapped' } },
      '/envA/users/7',
      { headers: { 'X-One': '1' } },
    );
    expect(event).toMatchObject({ multiValueHeaders: { 'x-one': ['mapped'] } });
  });
});

describe('what response_parameters make of a response', () => {
  it('is another status and other headers, for the status that they are for', async () => {
    const responseParameters = {
      '200': {
        'overwrite:statuscode': '202',
        'append:header.x-stage': '$context.stage',
        'overwrite:header.x-of': 'was $response.header.x-of',
        'remove:header.x-gone': "''",
        'append:header.x-body': '$response.body.a',
      },
      '404': { 'overwrite:statuscode': '200' },
    };
    const payload = (statusCode: number) => ({
      statusCode,
      headers: { 'x-of': 'old', 'x-gone': '1' },
      body: '{"a":"b"}',
    });
    const { response } = await call({ responseParameters }, '/envA/users/7', {}, payload(200));
    expect(response).toMatchObject({
      status: 202,
      headers: { 'x-stage': 'envA', 'x-of': 'was old', 'x-body': 'b' },
      text: '{"a":"b"}',
    });
    expect(response.headers).not.toHaveProperty('x-gone');
    expect((await call({ responseParameters }, '/envA/users/7', {}, payload(404))).response.status).toBe(200);
    expect((await call({ responseParameters }, '/envA/users/7', {}, payload(201))).response).toMatchObject({
      status: 201,
      headers: { 'x-of': 'old', 'x-gone': '1' },
    });
  });
});
