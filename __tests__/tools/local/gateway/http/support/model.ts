import type { HttpApi, HttpIntegration, HttpRoute } from '#local/model/api-model.ts';
import type { LambdaFunction, RegionModel } from '#local/model/model.ts';
import {
  ACCOUNT,
  API_ID,
  EXECUTION_ARN,
  INTEGRATION_URI,
  lambdaFunction,
  REGION,
  regionModel,
} from '#tests/tools/local/gateway/rest/support/model.ts';

export { ACCOUNT, API_ID, EXECUTION_ARN, REGION };

/** Whatever an API of the account asks of any alias. */
const anyPermission: Partial<LambdaFunction> = {
  permissions: ['envA', 'envB'].map((qualifier) => ({
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    qualifier,
    sourceArn: `${EXECUTION_ARN}/*`,
  })),
};

/** An open route with payload format 2.0, unless told otherwise. */
export function route(
  routeKey: string,
  overrides: {
    readonly authorization?: HttpRoute['authorization'];
    readonly jwt?: HttpRoute['jwt'];
    readonly integration?: Partial<HttpIntegration>;
  } = {},
): HttpRoute {
  return {
    routeKey,
    authorization: overrides.authorization ?? 'NONE',
    ...(overrides.jwt && { jwt: overrides.jwt }),
    integration: {
      uri: INTEGRATION_URI,
      payloadFormatVersion: '2.0',
      timeoutMilliseconds: 30_000,
      ...overrides.integration,
    },
  };
}

export function httpApi(overrides: Partial<HttpApi> = {}): HttpApi {
  return {
    id: API_ID,
    name: 'app',
    executionArn: EXECUTION_ARN,
    routes: [route('GET /events')],
    stages: [
      { name: 'envA', deploymentId: 'dep1', variables: { stage: 'envA' } },
      { name: 'envB', deploymentId: 'dep2', variables: { stage: 'envB' } },
    ],
    ...overrides,
  };
}

/** A region with this API alone. */
export function regionWith(api: Partial<HttpApi>, overrides: Partial<RegionModel> = {}): RegionModel {
  return regionModel({
    restApis: [],
    functions: [lambdaFunction(anyPermission)],
    httpApis: [httpApi(api)],
    ...overrides,
  });
}
