import { describe, expect, it } from 'vitest';
import { httpAccessLogFormat } from '#constructs/http-api/access-log-format.ts';
import { startTestGateway } from './support/gateway.ts';
import { regionWith, route } from './support/model.ts';

const ofStage = (format: string) => ({
  stages: [
    { name: 'envA', deploymentId: 'd', variables: { stage: 'envA' }, accessLog: { logGroup: '/aws/http', format } },
  ],
});

describe('S2.4: the access log of an HTTP API', () => {
  it('has the twelve fields of the synthesized format and those of S3.7, one line for each request', async () => {
    const region = regionWith({
      ...ofStage(httpAccessLogFormat),
      routes: [route('GET /events'), route('POST /events', { authorization: 'AWS_IAM' })],
    });
    const gateway = await startTestGateway({ region });
    const fine = await gateway.send('/envA/events');
    const refused = await gateway.send('/envA/events', { method: 'POST' });
    const unknown = await gateway.send('/envA/"\\nowhere');
    const shared = {
      ip: '127.0.0.1',
      protocol: 'HTTP/1.1',
      requestTime: expect.stringMatching(/ \+0000$/),
      integrationErrorMessage: '-',
      responseLatency: expect.stringMatching(/^\d+$/),
      integrationStatus: '-',
      integrationLatency: '-',
      integrationRequestId: '-',
      callerArn: '-',
    };
    expect(gateway.accessLines().map((line) => JSON.parse(line))).toEqual([
      {
        ...shared,
        requestId: fine.headers['apigw-requestid'],
        httpMethod: 'GET',
        routeKey: 'GET /events',
        status: '200',
        responseLength: '13',
        integrationStatus: '200',
        integrationLatency: expect.stringMatching(/^\d+$/),
        integrationRequestId: expect.stringMatching(/./),
        errorMessage: '-',
        errorResponseType: '-',
        authorizerError: '-',
      },
      {
        ...shared,
        requestId: refused.headers['apigw-requestid'],
        httpMethod: 'POST',
        routeKey: 'POST /events',
        status: '403',
        responseLength: '23',
        errorMessage: 'Forbidden',
        errorResponseType: 'ACCESS_DENIED',
        authorizerError: 'nothing verifies signatures here',
      },
      {
        ...shared,
        requestId: unknown.headers['apigw-requestid'],
        httpMethod: 'GET',
        routeKey: '-',
        status: '404',
        responseLength: '23',
        errorMessage: 'Not Found',
        errorResponseType: 'RESOURCE_NOT_FOUND',
        authorizerError: '-',
      },
    ]);
    expect(gateway.log.query(({ kind }) => kind === 'access')[0]).toMatchObject({
      traceId: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      requestId: fine.headers['apigw-requestid'],
      logGroup: '/aws/http',
    });
  });

  it("says why an integration failed, which the client isn't told, and what the stage, path and function were", async () => {
    const format =
      '{"e":"$context.integrationErrorMessage","p":"$context.path","s":"$context.stage","i":"$context.integration.requestId"}';
    const gateway = await startTestGateway({
      region: regionWith(ofStage(format)),
      invoke: async () => ({
        ok: false,
        kind: 'crash',
        errorType: 'Runtime.ExitError',
        message: 'it "ended"',
        requestId: 'r1',
      }),
    });
    await gateway.send('/envA/%65vents');
    expect(gateway.accessLines().map((line) => JSON.parse(line))).toEqual([
      { e: 'it "ended"', p: '/envA/events', s: 'envA', i: 'r1' },
    ]);
  });
});
