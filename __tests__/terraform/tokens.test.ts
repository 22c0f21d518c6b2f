import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { listEvents } from '#contract/list-events.ts';
import type { Operation } from '#contract/operation.ts';
import { postEvent } from '#contract/post-event.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { stageTokens } from '#stacks/stage-parameter.ts';
import { AWS_PROVIDER_VERSIONS } from '#stacks/terraform/versions.ts';
import { clientSettings } from './support/account.ts';
import { Moto } from './support/moto.ts';
import { run } from './support/run.ts';

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
