import { describe, expect, it } from 'vitest';
import type { InvokeResult } from '#local/lambda/invoke-result.ts';
import type { HttpIntegration } from '#local/model/api-model.ts';
import type { LambdaPermission } from '#local/model/model.ts';
import { lambdaFunction } from '#tests/tools/local/gateway/rest/support/model.ts';
import { startTestGateway } from './support/gateway.ts';
import { EXECUTION_ARN, regionWith, route } from './support/model.ts';

/** What is wrong with an API. */
interface Broken {
  readonly invoke?: () => Promise<InvokeResult>;
  readonly integration?: Partial<HttpIntegration>;
  readonly permissions?: LambdaPermission[];
}

const SERVER_ERROR = { status: 500, text: '{"message":"Internal Server Error"}' };

describe('S2.1: the function behind a route', () => {
  it("is the alias that the stage's variable names", async () => {
    const gateway = await startTestGateway();
    expect((await gateway.send('/envA/events')).status).toBe(200);
    expect((await gateway.send('/envB/events')).status).toBe(200);
    expect(gateway.invocations).toMatchObject([
      { functionName: 'app-test', qualifier: 'envA' },
      { functionName: 'app-test', qualifier: 'envB' },
    ]);
  });

  it('may be named by its own ARN', async () => {
    const { arn } = lambdaFunction();
    const routes = [route('GET /events', { integration: { uri: `${arn}:\${stageVariables.stage}` } })];
    const gateway = await startTestGateway({ region: regionWith({ routes }) });
    expect((await gateway.send('/envB/events')).status).toBe(200);
    expect(gateway.invocations[0]?.qualifier).toBe('envB');
  });

  it.each<[string, Exclude<InvokeResult, { ok: true }>, string]>([
    [
      'throws',
      { ok: false, kind: 'error', requestId: 'i-1', errorType: 'TypeError', errorMessage: 'no' },
      'it threw TypeError: no',
    ],
    [
      'times out',
      {
        ok: false,
        kind: 'timeout',
        requestId: 'i-1',
        errorType: 'Sandbox.Timedout',
        errorMessage: 'Task timed out after 3.00 seconds',
      },
      'Task timed out',
    ],
    [
      'crashes',
      {
        ok: false,
        kind: 'crash',
        requestId: 'i-1',
        errorType: 'Runtime.ExitError',
        message: 'the process ended with 1',
      },
      'the process ended with 1',
    ],
    ['is missing', { ok: false, kind: 'not-found', message: 'no such version' }, 'no such version'],
  ])('is answered for with 500 when it %s, and the log says why', async (_, result, reason) => {
    const gateway = await startTestGateway({ invoke: async () => result });
    expect(await gateway.send('/envA/events')).toMatchObject(SERVER_ERROR);
    expect(gateway.warnings()).toEqual([expect.stringContaining(reason)]);
  });

  it('is answered for with 503 when it takes longer than the integration waits', async () => {
    const routes = [route('GET /events', { integration: { timeoutMilliseconds: 20 } })];
    const gateway = await startTestGateway({ region: regionWith({ routes }), invoke: () => new Promise(() => {}) });
    expect(await gateway.send('/envA/events')).toMatchObject({
      status: 503,
      text: '{"message":"Service Unavailable"}',
    });
  });

  it.each<[string, Broken, string]>([
    ['an invoke that rejects', { invoke: () => Promise.reject(new Error('broken')) }, 'broken'],
    [
      'a URI that is none',
      { integration: { uri: 'https://example.com' } },
      'the integration URI "https://example.com"',
    ],
    ['no permission', { permissions: [] }, `source ARN ${EXECUTION_ARN}/envA/GET/events`],
  ])('%s is 500, and the log says why', async (_, { invoke, integration, permissions }, reason) => {
    const region = regionWith(
      { routes: [route('GET /events', integration && { integration })] },
      permissions && { functions: [lambdaFunction({ permissions })] },
    );
    const gateway = await startTestGateway({ region, ...(invoke && { invoke }) });
    expect(await gateway.send('/envA/events')).toMatchObject(SERVER_ERROR);
    expect(await gateway.send('/envA/events')).toMatchObject(SERVER_ERROR);
    const warnings = gateway.warnings();
    expect(warnings[0]).toContain(reason);
    // What is wrong with the API is said once.
    expect(warnings).toHaveLength(invoke ? 2 : 1);
  });

  it('needs a permission for the stage, method and path that are asked for, and $default one for $default', async () => {
    const sourceArns = [`${EXECUTION_ARN}/envA/GET/pets/*`, `${EXECUTION_ARN}/envA/$default`];
    const permissions = sourceArns.map((sourceArn) => ({
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      qualifier: 'envA',
      sourceArn,
    }));
    const routes = [route('ANY /pets/{id}'), route('$default')];
    const region = regionWith({ routes }, { functions: [lambdaFunction({ permissions })] });
    const gateway = await startTestGateway({ region });
    expect((await gateway.send('/envA/pets/1')).status).toBe(200);
    expect((await gateway.send('/envA/other')).status).toBe(200);
    expect((await gateway.send('/envA/pets/1', { method: 'POST' })).status).toBe(500);
    expect((await gateway.send('/envB/other')).status).toBe(500);
  });
});
