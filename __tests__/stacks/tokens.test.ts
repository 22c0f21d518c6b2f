import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';
import { type Authorizer, functionsOf, type Operation } from '#contract/operation.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { createStageApp } from '#stacks/stage-app.ts';

const code = await bundleFunctions(functionsOf(operations));
const bundles = new Map([
  ...code,
  ...[...code].slice(0, 1).map(([, bundle]) => ['sessions', { ...bundle, name: 'sessions' }] as const),
]);

/** The stacks, by their ids without the stage, of the contract in which some operations take tokens. */
function synthesize(changes: Readonly<Record<string, Pick<Operation, 'auth' | 'authorizer' | 'scopes'>>>) {
  const settings = { ...loadSettings('settings.conf'), failback: 'automatic', routeAway: 'manual' } as const;
  const changed = operations.map((operation) => ({ ...operation, ...changes[operation.id] }));
  const alarms = { ...settings.alarms, heartbeatAgeSeconds: 0 };
  const context = { settings: { ...settings, alarms }, stage: 'dev' };
  const app = createStageApp(context, { operations: changed, bundles });
  return (name: string) => {
    const stack = app.node.children
      .filter((child) => TerraformStack.isStack(child))
      .find(({ node }) => node.id === `dev-${name}`);
    if (!stack) throw new Error(`No stack ${name}.`);
    stack.prepareStack();
    return JSON.parse(Testing.synth(stack));
  };
}

const sessions: Authorizer = {
  function: 'sessions',
  access: { USER_TABLE_NAME: ['dynamodb:GetItem'] },
  ttlSeconds: 60,
};
const stacks = synthesize({
  test: { auth: 'authorizer', authorizer: sessions },
  'replace-string': { auth: 'authorizer', authorizer: sessions },
  'list-events': { auth: 'jwt', scopes: ['events/read', 'admin'] },
  'events-healthcheck': { auth: 'jwt' },
});
const api = stacks('api-primary');
const routes: readonly Record<string, unknown>[] = Object.values(api.resource.aws_apigatewayv2_route);
const routeOf = (operation: string) => routes.find((route) => route.operation_name === operation);

describe('S2.6: operations that take tokens', () => {
  it("have the API's one authorizer, by the stage's issuer and audience, which no code has", () => {
    const [[name, authorizer] = [], ...others] = Object.entries<Record<string, unknown>>(
      api.resource.aws_apigatewayv2_authorizer,
    );
    expect(others).toEqual([]);
    expect(authorizer).toMatchObject({
      authorizer_type: 'JWT',
      identity_sources: ['$request.header.Authorization'],
      jwt_configuration: {
        issuer: '${nonsensitive(data.aws_ssm_parameter.parameter-jwt_issuer.value)}',
        audience: '${split(",", nonsensitive(data.aws_ssm_parameter.parameter-jwt_audience.value))}',
      },
    });
    expect(api.data.aws_ssm_parameter['parameter-jwt_issuer'].name).toBe('/two-region-api/dev/jwt_issuer');
    expect(routeOf('list-events')).toMatchObject({
      authorization_type: 'JWT',
      authorizer_id: `\${aws_apigatewayv2_authorizer.${name}.id}`,
      authorization_scopes: ['events/read', 'admin'],
    });
    expect(routeOf('events-healthcheck')).toMatchObject({ authorization_type: 'JWT' });
    expect(routeOf('events-healthcheck')).not.toHaveProperty('authorization_scopes');
    expect(routeOf('post-event')).toMatchObject({ authorization_type: 'AWS_IAM' });
    expect(routeOf('post-event')).not.toHaveProperty('authorizer_id');
  });

  it('are no longer among what the role of IAM principals may invoke', () => {
    const [, policy] =
      Object.entries<object>(api.data.aws_iam_policy_document).find(([name]) => /^events-invoker_perm/.test(name)) ??
      [];
    expect(JSON.stringify(policy)).toContain('POST/events');
    expect(JSON.stringify(policy)).not.toContain('GET/events');
  });

  it('are deployed again when issuer or audience change', () => {
    const deployments: readonly Record<string, unknown>[] = Object.values(
      stacks('envA-primary').resource.aws_apigatewayv2_deployment,
    );
    expect(deployments).toMatchObject([
      {
        triggers: {
          content: expect.any(String),
          issuer: expect.stringContaining('jwt_issuer'),
          audience: expect.stringContaining('jwt_audience'),
        },
      },
    ]);
  });

  it('are all that brings an authorizer: without one there is none, nor its parameters', () => {
    const without = JSON.stringify(['api-primary', 'envA-primary', 'preview-secondary'].map(synthesize({})));
    expect(without).not.toContain('jwt');
    expect(without).not.toMatch(/aws_apigateway\w*_authorizer|aws_api_gateway_authorizer|sessions/);
  });
});

describe('B14: operations with an authorizer of their own', () => {
  it('ask one function, at the alias of the environment, and go on to be no others', () => {
    const [[name, authorizer] = [], ...others] = Object.entries<Record<string, unknown>>(
      api.resource.aws_api_gateway_authorizer,
    );
    expect(others).toEqual([]);
    expect(authorizer).toMatchObject({
      name: 'sessions',
      type: 'TOKEN',
      identity_source: 'method.request.header.Authorization',
      authorizer_result_ttl_in_seconds: 60,
      authorizer_uri: expect.stringMatching(
        /sessions_function\w*\.invoke_arn.*:\$\$\{stageVariables\.stage\}\/invocations$/,
      ),
    });
    const methods: readonly Record<string, unknown>[] = Object.values(api.resource.aws_api_gateway_method);
    const own = { authorization: 'CUSTOM', authorizer_id: `\${aws_api_gateway_authorizer.${name}.id}` };
    expect(methods.filter(({ authorization }) => authorization === 'CUSTOM')).toMatchObject([own, own]);
    expect(methods.find(({ operation_name: id }) => id === 'test')).toMatchObject({ ...own, api_key_required: false });
  });

  it('are asked with the whole request where identity sources are named', () => {
    const identitySources = ['header.Authorization', 'querystring.key'];
    const stack = synthesize({ test: { auth: 'authorizer', authorizer: { ...sessions, identitySources } } })(
      'api-primary',
    );
    expect(Object.values(stack.resource.aws_api_gateway_authorizer)).toMatchObject([
      {
        type: 'REQUEST',
        identity_source: 'method.request.header.Authorization,method.request.querystring.key',
        authorizer_result_ttl_in_seconds: 60,
      },
    ]);
  });

  it("may read what the authorizer's access names, and be invoked from the authorizer alone", () => {
    const [, document] =
      Object.entries<object>(api.data.aws_iam_policy_document).find(([name]) => /^sessions_perm/.test(name)) ?? [];
    expect(JSON.stringify(document)).toContain('dynamodb:GetItem');
    const permissions: readonly Record<string, string>[] = Object.values(
      stacks('envA-primary').resource.aws_lambda_permission,
    );
    const own = permissions.filter(({ statement_id: id }) => id === 'envA-authorizer');
    expect(own).toMatchObject([
      { qualifier: expect.stringContaining('alias-sessions'), source_arn: expect.stringContaining('/authorizers/') },
    ]);
    expect(own[0]?.source_arn).not.toContain('/envA/');
  });
});
