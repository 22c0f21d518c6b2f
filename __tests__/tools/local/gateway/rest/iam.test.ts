import { describe, expect, it } from 'vitest';
import type { IamRequest } from '#local/iam/authorize-invoke.ts';
import { startTestGateway } from './support/gateway.ts';
import { ACCOUNT, EXECUTION_ARN, method, REGION, regionModel, restApi } from './support/model.ts';

const signed = method('POST', '/user/{id}', { authorization: 'AWS_IAM' });
const region = regionModel({ restApis: [restApi({ methods: [signed] })] });
const userArn = `arn:aws:iam::${ACCOUNT}:user/allowed`;

describe('S2.6: a route with AWS_IAM authorization', () => {
  it('asks for what was signed, and tells the function who called', async () => {
    const asked: IamRequest[] = [];
    const gateway = await startTestGateway({
      region,
      authorizeIam: (request) => {
        asked.push(request);
        return { allowed: true, identity: { accountId: ACCOUNT, accessKey: 'AKIA1', userArn, user: 'AIDA1' } };
      },
    });
    const answer = await gateway.send('/envA/user/4%202?q=1', {
      method: 'POST',
      headers: { Authorization: 'AWS4-HMAC-SHA256 …'.replace('…', 'x') },
      body: 'text',
    });
    expect(answer.status).toBe(200);
    expect(asked).toEqual([
      {
        method: 'POST',
        target: '/envA/user/4%202?q=1',
        rawHeaders: expect.arrayContaining(['Authorization', 'AWS4-HMAC-SHA256 x']),
        body: Buffer.from('text'),
        region: REGION,
        resource: `${EXECUTION_ARN}/envA/POST/user/4%202`,
      },
    ]);
    expect(gateway.invocations[0]?.payload).toMatchObject({
      requestContext: { identity: { accountId: ACCOUNT, accessKey: 'AKIA1', userArn, user: 'AIDA1', caller: 'AIDA1' } },
    });
  });

  it.each([
    ['MISSING_AUTHENTICATION_TOKEN', 'MissingAuthenticationTokenException'],
    ['INVALID_SIGNATURE', 'InvalidSignatureException'],
    ['EXPIRED_TOKEN', 'ExpiredTokenException'],
    ['ACCESS_DENIED', 'AccessDeniedException'],
  ] as const)('is 403 for %s', async (responseType, errorType) => {
    const gateway = await startTestGateway({
      region,
      authorizeIam: async () => ({ allowed: false, responseType, message: 'no' }),
    });
    const answer = await gateway.send('/envA/user/1', { method: 'POST' });
    expect(answer).toMatchObject({ status: 403, text: '{"message":"no"}' });
    expect(answer.headers['x-amzn-errortype']).toBe(errorType);
    expect(gateway.invocations).toEqual([]);
  });

  it('refuses everybody where nothing verifies signatures', async () => {
    const gateway = await startTestGateway({ region });
    expect((await gateway.send('/envA/user/1', { method: 'POST' })).status).toBe(403);
  });
});
