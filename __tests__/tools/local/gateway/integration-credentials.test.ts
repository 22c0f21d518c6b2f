import { describe, expect, it } from 'vitest';
import type { IamIdentity } from '#local/iam/authorize-invoke.ts';
import { CALLER } from '#local/model/api-model.ts';
import type { Role } from '#local/model/model.ts';
import * as http from './http/support/gateway.ts';
import { httpApi, route } from './http/support/model.ts';
import * as rest from './rest/support/gateway.ts';
import { ACCOUNT, lambdaFunction, method, regionModel, restApi } from './rest/support/model.ts';

const FN = lambdaFunction({ permissions: [] });
const ROLE = `arn:aws:iam::${ACCOUNT}:role/invoker`;
const userArn = `arn:aws:iam::${ACCOUNT}:user/allowed`;

function role(...resources: string[]): Role {
  return { name: 'invoker', arn: ROLE, statements: [{ effect: 'Allow', actions: ['lambda:Invoke*'], resources }] };
}

type Authorization = 'AWS_IAM' | 'NONE';

/** Whose functions allow nobody: what an integration's credentials may do decides. */
const KINDS = {
  REST: (credentials: string, roles: readonly Role[], authorization: Authorization, identity?: IamIdentity) =>
    rest.startTestGateway({
      region: regionModel({
        functions: [FN],
        roles,
        restApis: [restApi({ methods: [method('GET', '/test', { authorization, integration: { credentials } })] })],
      }),
      authorizeIam: () => (identity ? { allowed: true, identity } : NOBODY),
    }),
  HTTP: (credentials: string, roles: readonly Role[], authorization: Authorization, identity?: IamIdentity) =>
    http.startTestGateway({
      region: regionModel({
        functions: [FN],
        roles,
        restApis: [],
        httpApis: [httpApi({ routes: [route('GET /test', { authorization, integration: { credentials } })] })],
      }),
      authorizeIam: () => (identity ? { allowed: true, identity } : NOBODY),
    }),
};
const NOBODY = { allowed: false, responseType: 'ACCESS_DENIED', message: 'no' } as const;
const caller = (allowed: string): IamIdentity => ({
  accountId: ACCOUNT,
  accessKey: 'AKIA1',
  userArn,
  user: 'AIDA1',
  mayInvoke: (functionArn) => functionArn === allowed,
});

describe.each(Object.entries(KINDS))("credentials of a %s API's integration", (_, start) => {
  it.each([
    ['the alias', [`${FN.arn}:envA`], 200],
    ['all that the function has', [`${FN.arn}:*`], 200],
    ['the function without an alias alone', [FN.arn], 500],
    ['another function', [`${FN.arn}er:envA`], 500],
  ])('are those of a role that may invoke %s', async (_what, resources, status) => {
    const gateway = await start(ROLE, [role(...resources)], 'NONE');
    expect((await gateway.send('/envA/test')).status).toBe(status);
    expect(gateway.invocations).toHaveLength(status === 200 ? 1 : 0);
    const why = `the role invoker may not lambda:InvokeFunction on ${FN.arn}:envA`;
    if (status !== 200) expect(gateway.warnings()[0]).toContain(why);
  });

  it('of a role that no stack makes are refused by name', async () => {
    const gateway = await start(ROLE, [], 'NONE');
    expect((await gateway.send('/envA/test')).status).toBe(500);
    expect(gateway.warnings()[0]).toContain(`no stack makes the role of the integration's credentials, ${ROLE}`);
  });

  it("may be the caller's, whose policies decide then", async () => {
    const allowed = await start(CALLER, [], 'AWS_IAM', caller(`${FN.arn}:envA`));
    expect((await allowed.send('/envA/test')).status).toBe(200);
    const denied = await start(CALLER, [], 'AWS_IAM', caller('another'));
    expect((await denied.send('/envA/test')).status).toBe(500);
    expect(denied.warnings()[0]).toContain(`${userArn} may not lambda:InvokeFunction`);
    const open = await start(CALLER, [], 'NONE');
    expect((await open.send('/envA/test')).status).toBe(500);
    expect(open.warnings()[0]).toContain('the route does not ask for AWS_IAM');
  });
});

describe('a route that asks for something that is not served', () => {
  const unserved = 'not served locally: the authorization CUSTOM';

  it('is refused with 500, which the log explains once; the others are served', async () => {
    const methods = [method('GET', '/test'), method('GET', '/closed', { unserved })];
    const gateway = await rest.startTestGateway({ region: regionModel({ restApis: [restApi({ methods })] }) });
    expect((await gateway.send('/envA/test')).status).toBe(200);
    expect(await gateway.send('/envA/closed')).toMatchObject({
      status: 500,
      text: '{"message":"Internal server error"}',
    });
    await gateway.send('/envA/closed');
    expect(gateway.warnings()).toEqual([`primary envA GET /closed: ${unserved}`]);
  });

  it('is refused by an HTTP API, too', async () => {
    const routes = [{ ...route('GET /closed'), unserved }];
    const region = regionModel({ restApis: [], httpApis: [httpApi({ routes })] });
    const gateway = await http.startTestGateway({ region });
    expect((await gateway.send('/envA/closed')).status).toBe(500);
    expect(gateway.warnings()).toEqual([`primary envA GET /closed: ${unserved}`]);
  });
});
