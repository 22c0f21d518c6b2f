import type { RestApi, RestIntegration, RestMethod } from '#local/model/api-model.ts';
import type { LambdaFunction, LambdaPermission, RegionModel } from '#local/model/model.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';
export const API_ID = 'abc123defg';
export const EXECUTION_ARN = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${API_ID}`;
const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:app-test`;
export const INTEGRATION_URI = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION_ARN}:\${stageVariables.stage}/invocations`;

export const PERMISSIONS: readonly LambdaPermission[] = ['envA', 'envB'].map((stage) => ({
  action: 'lambda:InvokeFunction',
  principal: 'apigateway.amazonaws.com',
  qualifier: stage,
  sourceArn: `${EXECUTION_ARN}/${stage}/*`,
}));

export function lambdaFunction(overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    name: 'app-test',
    arn: FUNCTION_ARN,
    handler: 'index.handler',
    source: '/nowhere',
    codeSha256: 'hash',
    version: '7',
    memoryMb: 256,
    timeoutSeconds: 10,
    environment: {},
    roleArn: `arn:aws:iam::${ACCOUNT}:role/app-test`,
    logGroup: '/aws/lambda/app-test',
    aliases: [
      { name: 'envA', functionVersion: '6' },
      { name: 'envB', functionVersion: '7' },
    ],
    permissions: PERMISSIONS,
    ...overrides,
  };
}

export type MethodOverrides = Partial<Omit<RestMethod, 'integration'>> & {
  readonly integration?: Partial<RestIntegration>;
};

/** A method with Lambda proxy integration, open, unless told otherwise. */
export function method(httpMethod: string, resourcePath: string, overrides: MethodOverrides = {}): RestMethod {
  return {
    resourcePath,
    httpMethod,
    authorization: 'NONE',
    apiKeyRequired: false,
    requestParameters: {},
    requestModels: {},
    integrationResponses: [],
    ...overrides,
    integration: {
      type: 'AWS_PROXY',
      uri: INTEGRATION_URI,
      requestTemplates: {},
      requestParameters: {},
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutMilliseconds: 29_000,
      ...overrides.integration,
    },
  };
}

export function restApi(overrides: Partial<RestApi> = {}): RestApi {
  return {
    id: API_ID,
    name: 'app',
    executionArn: EXECUTION_ARN,
    binaryMediaTypes: [],
    methods: [method('GET', '/test')],
    models: {},
    gatewayResponses: [],
    stages: [
      { name: 'envA', deploymentId: 'dep1', variables: { stage: 'envA' } },
      { name: 'envB', deploymentId: 'dep2', variables: { stage: 'envB' } },
    ],
    ...overrides,
  };
}

export function regionModel(overrides: Partial<RegionModel> = {}): RegionModel {
  return {
    type: 'primary',
    region: REGION,
    functions: [lambdaFunction()],
    roles: [],
    restApis: [restApi()],
    usagePlans: [],
    domains: [],
    tables: [],
    buckets: [],
    ...overrides,
  };
}
