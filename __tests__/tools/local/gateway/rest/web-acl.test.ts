import { describe, expect, it } from 'vitest';
import type { WebAclModel } from '#local/model/waf/web-acl-model.ts';
import { startTestGateway } from './support/gateway.ts';
import { lambdaFunction, method, PERMISSIONS, regionModel, restApi } from './support/model.ts';

const ACL = 'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/app/1';
const acl: WebAclModel = { arn: ACL, name: 'app', defaultAction: { kind: 'allow' }, rules: [], responseBodies: {} };
const stage = (name: string) => ({ name, deploymentId: name, variables: { stage: 'envA' } });
const region = regionModel({
  functions: [lambdaFunction({ permissions: PERMISSIONS.map(({ sourceArn: _, ...rest }) => rest) })],
  restApis: [
    restApi({
      methods: [method('GET', '/test', { apiKeyRequired: true })],
      stages: [
        {
          ...stage('envA'),
          webAclArn: ACL,
          accessLog: { logGroup: 'access', format: '$context.status $context.error.responseType' },
        },
        stage('envB'),
      ],
    }),
  ],
  webAcls: [acl],
});

describe('a web ACL before a REST stage (S3.8)', () => {
  it('comes before routes and keys, and responds with its own response', async () => {
    const response = { status: 429, headers: ['Content-Type', 'application/json'], body: '{"error":"Too Many"}' };
    const gateway = await startTestGateway({
      region,
      guardOf: (found) => () => ({ ...(found === acl && { response }) }),
    });
    for (const path of ['/envA/test', '/envA/nowhere']) {
      const blocked = await gateway.send(path, { headers: { 'user-agent': 'test' } });
      expect(blocked).toMatchObject({ status: 429, text: '{"error":"Too Many"}' });
      expect(blocked.headers['x-amzn-requestid']).toBeDefined();
    }
    expect(gateway.accessLines()).toEqual(['429 WAF_FILTERED', '429 WAF_FILTERED']);
    expect(gateway.invocations).toEqual([]);
    // No web ACL is associated with the other one.
    expect((await gateway.send('/envB/test')).status).toBe(403);
  });

  it("without a response of its own it is the gateway's, 403", async () => {
    const gateway = await startTestGateway({ region, guardOf: () => () => ({}) });
    const blocked = await gateway.send('/envA/test');
    expect(blocked).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(blocked.headers['x-amzn-errortype']).toBe('ForbiddenException');
  });
});
