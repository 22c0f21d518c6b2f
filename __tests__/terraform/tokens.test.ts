import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetAuthorizersCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetAuthorizerCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpApi } from '#constructs/http-api/http-api.ts';
import { RestApi } from '#constructs/rest-api/rest-api.ts';
import { listEvents } from '#contract/list-events.ts';
import type { Operation } from '#contract/operation.ts';
import { postEvent } from '#contract/post-event.ts';
import { test } from '#contract/test.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { stageTokens } from '#stacks/stage-parameter.ts';
import { AWS_PROVIDER_VERSIONS } from '#stacks/terraform/versions.ts';
import { clientSettings } from './support/account.ts';
import { Moto } from './support/moto.ts';
import { run } from './support/run.ts';
import { transformFor } from './support/transformations.ts';

const context = { settings: loadSettings('settings.conf'), stage: 'dev' };
const region = context.settings.primaryRegion;
const ISSUER = 'https://issuer.example.com/';
let moto: Moto;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'two-region-tokens-'));
  moto = await Moto.start();
  const ssm = new SSMClient(clientSettings(moto, region));
  for (const [name, Value] of Object.entries({ jwt_issuer: ISSUER, jwt_audience: 'app,other' })) {
    await ssm.send(new PutParameterCommand({ Name: `/two-region-api/dev/${name}`, Value, Type: 'SecureString' }));
  }
});
afterAll(async () => {
  await moto?.stop();
  await rm(directory, { recursive: true });
});

/** Writes a stack with the API alone. @returns runs Terraform there */
function stackOf(...operations: readonly Operation[]) {
  const app = new App({ outdir: directory });
  const stack = new TerraformStack(app, 'api');
  stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
  new AwsProvider(stack, 'aws', { region });
  const { cors } = context.settings;
  const integrationUri = () => 'arn:aws:lambda:eu-central-1:123456789012:function:events';
  const tokens = () => stageTokens(stack, context);
  new HttpApi(stack, 'http', { apiName: 'tokens', description: 'Tokens', operations, integrationUri, cors, tokens });
  app.synth();
  return (...args: readonly string[]) =>
    run('terraform', [...args, '-no-color'], join(directory, 'stacks/api'), moto.environment);
}

/** What API Gateway has. */
async function deployed() {
  const gateway = new ApiGatewayV2Client(clientSettings(moto, region));
  const [api] = (await gateway.send(new GetApisCommand({}))).Items ?? [];
  const ApiId = api?.ApiId;
  const { Items: routes = [] } = await gateway.send(new GetRoutesCommand({ ApiId }));
  const ids = routes.flatMap(({ AuthorizerId }) => AuthorizerId ?? []);
  // moto lists no authorizers.
  const authorizers = ids.map((AuthorizerId) => gateway.send(new GetAuthorizerCommand({ ApiId, AuthorizerId })));
  return { authorizers: await Promise.all(authorizers), routes };
}

it('S2.6: Terraform makes the authorizer by the parameters, finds nothing to do then, and takes it away after its routes', async () => {
  const terraform = stackOf({ ...listEvents, auth: 'jwt', scopes: ['events/read'] }, postEvent);
  for (const args of [['init'], ['apply', '-auto-approve']]) {
    const { exitCode, output } = await terraform(...args);
    expect([exitCode, exitCode === 0 || output]).toEqual([0, true]);
  }
  const { authorizers, routes } = await deployed();
  expect(authorizers).toMatchObject([
    { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: ISSUER, Audience: expect.arrayContaining(['app', 'other']) } },
  ]);
  expect(routes.find(({ RouteKey }) => RouteKey === 'GET /events')).toMatchObject({
    AuthorizationType: 'JWT',
    AuthorizerId: authorizers[0]?.AuthorizerId,
    AuthorizationScopes: ['events/read'],
  });
  expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });

  const without = stackOf(listEvents, postEvent);
  const { exitCode, output } = await without('apply', '-auto-approve');
  expect([exitCode, exitCode === 0 || output]).toEqual([0, true]);
  const at = (text: RegExp) => output.search(text);
  expect(at(/aws_apigatewayv2_route\.\S+: Modifications complete/)).toBeGreaterThan(0);
  expect(at(/aws_apigatewayv2_authorizer\.\S+: Destroying/)).toBeGreaterThan(
    at(/aws_apigatewayv2_route\.\S+: Modifications complete/),
  );
  expect(output).toMatch(/aws_apigatewayv2_authorizer\.\S+: Destruction complete/);
  // moto keeps the id that the route had, so that a plan after this is not empty.
});

/** As {@link stackOf}, with a REST API of one operation. */
function restStackOf(operation: Operation) {
  const app = new App({ outdir: directory });
  const stack = new TerraformStack(app, 'rest');
  stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
  new AwsProvider(stack, 'aws', { region });
  const integrationUri = ({ function: name }: Pick<Operation, 'function'>) =>
    `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:123456789012:function:${name}/invocations`;
  const { cors } = context.settings;
  new RestApi(stack, 'rest', { apiName: 'own', description: 'Own', operations: [operation], integrationUri, cors });
  app.synth();
  transformFor('moto', join(directory, 'stacks/rest'));
  return (...args: readonly string[]) =>
    run('terraform', [...args, '-no-color'], join(directory, 'stacks/rest'), moto.environment);
}

it("B14: Terraform makes a REST API's own authorizer, by token or request, and takes it away after its methods", async () => {
  const authorizer = { function: 'sessions', access: {} };
  const gateway = new APIGatewayClient(clientSettings(moto, region));
  const authorizers = async () => {
    const { items = [] } = await gateway.send(new GetRestApisCommand({}));
    return (await gateway.send(new GetAuthorizersCommand({ restApiId: items[0]?.id ?? '' }))).items ?? [];
  };
  const applied = async (operation: Operation, ...first: readonly string[]) => {
    const terraform = restStackOf(operation);
    for (const args of [...first.map((each) => [each]), ['apply', '-auto-approve']]) {
      const { exitCode, output } = await terraform(...args);
      expect([exitCode, exitCode === 0 || output]).toEqual([0, true]);
    }
    return terraform;
  };
  const byToken = await applied({ ...test, auth: 'authorizer', authorizer }, 'init');
  expect(await authorizers()).toMatchObject([
    { name: 'sessions', type: 'TOKEN', identitySource: 'method.request.header.Authorization' },
  ]);
  expect(await byToken('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });
  const identitySources = ['header.Authorization', 'querystring.key'];
  await applied({ ...test, auth: 'authorizer', authorizer: { ...authorizer, identitySources } });
  expect(await authorizers()).toMatchObject([
    { type: 'REQUEST', identitySource: 'method.request.header.Authorization,method.request.querystring.key' },
  ]);
  await applied(test);
  expect(await authorizers()).toEqual([]);
});
