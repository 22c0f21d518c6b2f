import { describe, expect, it } from 'vitest';
import type { LambdaPermission } from '#local/model/model.ts';
import { startTestGateway } from './support/gateway.ts';
import {
  EXECUTION_ARN,
  INTEGRATION_URI,
  lambdaFunction,
  method,
  PERMISSIONS,
  regionModel,
  restApi,
} from './support/model.ts';

const granted: LambdaPermission = {
  action: 'lambda:InvokeFunction',
  principal: 'apigateway.amazonaws.com',
  qualifier: 'envA',
  sourceArn: `${EXECUTION_ARN}/envA/GET/user/*`,
};
const api = restApi({ methods: [method('GET', '/user/{id}')] });

async function callWith(permissions: readonly LambdaPermission[]) {
  const region = regionModel({ restApis: [api], functions: [lambdaFunction({ permissions })] });
  const gateway = await startTestGateway({ region });
  const responses = [await gateway.send('/envA/user/1'), await gateway.send('/envA/user/2')];
  return { gateway, statuses: responses.map(({ status }) => status) };
}

describe('S1.7: API Gateway needs the permission for the alias that it invokes', () => {
  it.each<[string, LambdaPermission]>([
    ['this method and path', granted],
    ['the resource path as it is declared', { ...granted, sourceArn: `${EXECUTION_ARN}/envA/GET/user/{id}` }],
    ['every stage and method', { ...granted, sourceArn: `${EXECUTION_ARN}/*/*/user/*` }],
    ['one letter of any', { ...granted, sourceArn: `${EXECUTION_ARN}/env?/GET/*` }],
    ['any source', { action: granted.action, principal: granted.principal, qualifier: 'envA' }],
    ['any action of Lambda', { ...granted, action: 'lambda:*' }],
  ])('is satisfied by one for %s', async (_, permission) => {
    expect((await callWith([permission])).statuses).toEqual([200, 200]);
  });

  it.each<[string, LambdaPermission[]]>([
    ['there is none', []],
    ['it is for the function itself', [{ action: granted.action, principal: granted.principal }]],
    ['it is for another alias', [{ ...granted, qualifier: 'envB' }]],
    ['it is for another service', [{ ...granted, principal: 'events.amazonaws.com' }]],
    ['it is for another action', [{ ...granted, action: 'lambda:GetFunction' }]],
    ['it is for another stage', [{ ...granted, sourceArn: `${EXECUTION_ARN}/envB/GET/user/*` }]],
    ['it is for another method', [{ ...granted, sourceArn: `${EXECUTION_ARN}/envA/POST/user/*` }]],
    ['it is for another API', [{ ...granted, sourceArn: granted.sourceArn?.replace('abc', 'xyz') ?? '' }]],
  ])('is not when %s: 500, nothing invoked, the gap named once', async (_, permissions) => {
    const { gateway, statuses } = await callWith(permissions);
    expect(statuses).toEqual([500, 500]);
    expect(gateway.invocations).toEqual([]);
    expect(gateway.warnings()).toHaveLength(1);
    expect(gateway.warnings()[0]).toContain(
      'app-test: the alias "envA" has no permission for principal apigateway.amazonaws.com',
    );
    expect(gateway.warnings()[0]).toContain(`${EXECUTION_ARN}/envA/GET/user/{id}`);
  });

  it('is asked for each method that ANY stands for', async () => {
    const any = restApi({ methods: [method('ANY', '/user/{id}')] });
    const region = regionModel({ restApis: [any], functions: [lambdaFunction({ permissions: [granted] })] });
    const gateway = await startTestGateway({ region });
    expect((await gateway.send('/envA/user/1')).status).toBe(200);
    expect((await gateway.send('/envA/user/1', { method: 'DELETE' })).status).toBe(500);
  });
});

describe('S1.3: the stage variable chooses the alias', () => {
  it('differs between stages of one API', async () => {
    const gateway = await startTestGateway();
    await gateway.send('/envA/test');
    await gateway.send('/envB/test');
    expect(gateway.invocations.map(({ qualifier }) => qualifier)).toEqual(['envA', 'envB']);
  });

  it.each([
    [
      'an alias that does not exist',
      { stage: 'envC' },
      INTEGRATION_URI,
      'no alias or version "envC" (its aliases: envA, envB)',
    ],
    ['a stage without the variable', {}, INTEGRATION_URI, 'is not the ARN of a function'],
    [
      "another region's function",
      { stage: 'envA' },
      INTEGRATION_URI.replace(':lambda:eu-central-1', ':lambda:eu-west-1'),
      'this region has no function',
    ],
    ['a URI of another service', { stage: 'envA' }, 'arn:aws:apigateway:eu-central-1:s3:path/x', 'the integration URI'],
  ])('is a 500 with the reason in the log for %s', async (_, variables: Record<string, string>, uri, reason) => {
    const gateway = await startTestGateway({
      region: regionModel({
        functions: [lambdaFunction({ permissions: PERMISSIONS })],
        restApis: [
          restApi({
            methods: [method('GET', '/test', { integration: { uri } })],
            stages: [{ name: 'envA', deploymentId: 'd', variables }],
          }),
        ],
      }),
    });
    expect(await gateway.send('/envA/test')).toMatchObject({
      status: 500,
      text: '{"message":"Internal server error"}',
    });
    expect(gateway.warnings()).toEqual([expect.stringContaining(reason)]);
  });

  it('is a 500 when Lambda knows no such version', async () => {
    const message = 'Function not found: app-test:envA';
    const gateway = await startTestGateway({ invoke: async () => ({ ok: false, kind: 'not-found', message }) });
    expect((await gateway.send('/envA/test')).status).toBe(500);
    expect(gateway.warnings()).toEqual([expect.stringContaining(message)]);
  });

  it('is found missing behind a pattern of many stars as fast as behind any', async () => {
    const sourceArn = `${EXECUTION_ARN}/${'*a'.repeat(40)}*b`;
    const path = `/user/${'a'.repeat(60)}`;
    const region = regionModel({
      restApis: [restApi({ methods: [method('GET', path)] })],
      functions: [lambdaFunction({ permissions: [{ ...granted, sourceArn }] })],
    });
    const gateway = await startTestGateway({ region });
    expect((await gateway.send(`/envA${path}`)).status).toBe(500);
  });
});
