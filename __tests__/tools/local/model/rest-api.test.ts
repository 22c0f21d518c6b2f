import { describe, expect, it } from 'vitest';
import { stack } from '#tests/tools/local/terraform/stack-fixture.ts';
import { modelOf, modelOfStacks, type Resources, ref } from './model-fixture.ts';

const api = ref('aws_api_gateway_rest_api.api.id');
const resource = (parent: string, part: string) => ({ rest_api_id: api, parent_id: ref(parent), path_part: part });
const place = (name: string, method: string) => ({
  rest_api_id: api,
  resource_id: ref(`aws_api_gateway_resource.${name}.id`),
  http_method: method,
});
const stageVariable = `$\${stageVariables.stage}`;

const restApi: Resources = {
  aws_api_gateway_rest_api: { api: { name: 'app-dev', binary_media_types: ['image/png'] } },
  aws_api_gateway_resource: {
    id: resource('aws_api_gateway_resource.user.id', '{id}'),
    user: resource('aws_api_gateway_rest_api.api.root_resource_id', 'user'),
  },
  aws_api_gateway_method: {
    get: {
      ...place('id', 'GET'),
      authorization: 'NONE',
      api_key_required: true,
      request_parameters: { 'method.request.path.id': true, 'method.request.header.x': 'false' },
      request_models: { 'application/json': ref('aws_api_gateway_model.user.name') },
      request_validator_id: ref('aws_api_gateway_request_validator.all.id'),
    },
    root: {
      rest_api_id: api,
      resource_id: ref('aws_api_gateway_rest_api.api.root_resource_id'),
      http_method: 'ANY',
      authorization: 'AWS_IAM',
    },
  },
  aws_api_gateway_request_validator: { all: { rest_api_id: api, name: 'all', validate_request_body: true } },
  aws_api_gateway_model: {
    user: { rest_api_id: api, name: 'User', content_type: 'application/json', schema: '{"type":"object"}' },
  },
  aws_api_gateway_integration: {
    get: {
      ...place('id', 'GET'),
      type: 'AWS',
      integration_http_method: 'POST',
      uri: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:function:user:${stageVariable}/invocations`,
      request_templates: { 'application/json': '{"id":"$input.params(\'id\')"}' },
      passthrough_behavior: 'NEVER',
      timeout_milliseconds: 5000,
    },
    root: {
      rest_api_id: api,
      resource_id: ref('aws_api_gateway_rest_api.api.root_resource_id'),
      http_method: 'ANY',
      type: 'MOCK',
    },
  },
  aws_api_gateway_method_response: {
    ok: { ...place('id', 'GET'), status_code: '200', response_parameters: { 'method.response.header.x': true } },
  },
  aws_api_gateway_integration_response: {
    bad: {
      ...place('id', 'GET'),
      status_code: '400',
      selection_pattern: '400: .*',
      response_templates: { 'application/json': '{}' },
    },
    ok: { ...place('id', 'GET'), status_code: '200' },
  },
  aws_api_gateway_gateway_response: {
    missing: {
      rest_api_id: api,
      response_type: 'MISSING_AUTHENTICATION_TOKEN',
      status_code: '404',
      response_templates: { 'application/json': '{"error":"x"}' },
      response_parameters: { 'gatewayresponse.header.A': "'b'" },
    },
  },
};

describe('a REST API', () => {
  it('knows the Lambda authorizers of its methods, and refuses a method whose authorizer is none', () => {
    const { aws_api_gateway_method: methods } = restApi;
    const withMethod = (more: object) =>
      modelOf({
        ...restApi,
        aws_api_gateway_authorizer: {
          token: { rest_api_id: api, name: 'sessions', authorizer_uri: 'arn:x', identity_validation_expression: '.+' },
          request: {
            rest_api_id: api,
            name: 'request',
            type: 'REQUEST',
            authorizer_uri: 'arn:y',
            identity_source: 'method.request.header.A, stageVariables.stage',
            authorizer_result_ttl_in_seconds: 0,
          },
          pool: { rest_api_id: api, name: 'pool', type: 'COGNITO_USER_POOLS' },
        },
        aws_api_gateway_method: { ...methods, root: { ...methods?.root, ...more } },
      });
    const by = (name: string) => ({
      authorization: 'CUSTOM',
      authorizer_id: ref(`aws_api_gateway_authorizer.${name}.id`),
    });
    const authorizerOf = (name: string) =>
      withMethod(by(name)).regions.primary.restApis[0]?.methods.find(({ httpMethod }) => httpMethod === 'ANY')
        ?.authorizer;
    expect(authorizerOf('token')).toEqual({
      id: expect.any(String),
      name: 'sessions',
      type: 'TOKEN',
      uri: 'arn:x',
      identitySources: ['method.request.header.Authorization'],
      validationExpression: '.+',
      ttlSeconds: 300,
    });
    expect(authorizerOf('request')).toMatchObject({
      type: 'REQUEST',
      identitySources: ['method.request.header.A', 'stageVariables.stage'],
      ttlSeconds: 0,
    });
    for (const more of [{ authorization: 'CUSTOM' }, by('pool')]) {
      expect(() => withMethod(more)).toThrow(/aws_api_gateway_method\.root: authorizer_id: got .*a Lambda authorizer/);
    }
  });

  const [model] = modelOf(restApi).regions.primary.restApis;

  it('has its resources as paths, and each method with all that belongs to it (S1.1, S3.3)', () => {
    expect(model?.methods).toEqual([
      {
        resourcePath: '/user/{id}',
        httpMethod: 'GET',
        authorization: 'NONE',
        apiKeyRequired: true,
        requestParameters: { 'method.request.path.id': true, 'method.request.header.x': false },
        requestModels: { 'application/json': 'User' },
        requestValidator: { body: true, parameters: false },
        integration: {
          type: 'AWS',
          uri: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:function:user:\${stageVariables.stage}/invocations`,
          requestTemplates: { 'application/json': '{"id":"$input.params(\'id\')"}' },
          requestParameters: {},
          passthroughBehavior: 'NEVER',
          timeoutMilliseconds: 5000,
        },
        integrationResponses: [
          {
            statusCode: '400',
            selectionPattern: '400: .*',
            responseTemplates: { 'application/json': '{}' },
            responseParameters: {},
          },
          { statusCode: '200', responseTemplates: {}, responseParameters: {} },
        ],
      },
      {
        resourcePath: '/',
        httpMethod: 'ANY',
        authorization: 'AWS_IAM',
        apiKeyRequired: false,
        requestParameters: {},
        requestModels: {},
        integration: {
          type: 'MOCK',
          uri: '',
          requestTemplates: {},
          requestParameters: {},
          passthroughBehavior: 'WHEN_NO_MATCH',
          timeoutMilliseconds: 29_000,
        },
        integrationResponses: [],
      },
    ]);
  });

  it('has its models beside those that every API has, gateway responses and media types', () => {
    expect(Object.keys(model?.models ?? {}).sort()).toEqual(['Empty', 'Error', 'User']);
    expect(model?.models.User).toEqual({ type: 'object' });
    expect(model?.binaryMediaTypes).toEqual(['image/png']);
    expect(model?.gatewayResponses).toEqual([
      {
        responseType: 'MISSING_AUTHENTICATION_TOKEN',
        statusCode: '404',
        responseTemplates: { 'application/json': '{"error":"x"}' },
        responseParameters: { 'gatewayresponse.header.A': "'b'" },
      },
    ]);
  });

  it('gets its stages from other stacks, with variables and access log (S0.10, S1.3)', () => {
    const remote = { bucket: 'state', key: 'dev/dev-api.tfstate', region: 'eu-central-1' };
    const apiStack = stack({ resource: restApi, output: { id: { value: api } } });
    const id = ref('data.terraform_remote_state.api.outputs.id');
    const environment = stack(
      {
        data: { terraform_remote_state: { api: { backend: 's3', config: remote } } },
        resource: {
          aws_cloudwatch_log_group: { log: { name: '/aws/apigateway/envA' } },
          aws_api_gateway_deployment: { now: { rest_api_id: id } },
          aws_api_gateway_stage: {
            envA: {
              rest_api_id: id,
              deployment_id: ref('aws_api_gateway_deployment.now.id'),
              stage_name: 'envA',
              variables: { stage: 'envA' },
              access_log_settings: [
                { destination_arn: ref('aws_cloudwatch_log_group.log.arn'), format: '$context.status' },
              ],
            },
          },
        },
      },
      'dev-envA',
    );
    const { regions, unserved } = modelOfStacks(environment, apiStack);
    expect(regions.primary.restApis[0]?.stages).toEqual([
      {
        name: 'envA',
        deploymentId: expect.stringMatching(/^[a-z0-9]{10}$/),
        variables: { stage: 'envA' },
        accessLog: { logGroup: '/aws/apigateway/envA', format: '$context.status' },
      },
    ]);
    expect(unserved).toEqual([]);
  });

  it('that is put together wrong tells everything that is wrong, with addresses', () => {
    const broken: Resources = {
      aws_api_gateway_rest_api: { api: { name: 'x' } },
      aws_api_gateway_resource: { lost: { rest_api_id: api, parent_id: 'nowhere', path_part: 'x' } },
      aws_api_gateway_method: {
        lonely: {
          rest_api_id: api,
          resource_id: ref('aws_api_gateway_rest_api.api.root_resource_id'),
          http_method: 'GET',
          authorization: 'NONE',
          request_validator_id: 'absent',
        },
        homeless: { rest_api_id: api, resource_id: 'r', http_method: 'GET', authorization: 'CUSTOM' },
      },
      aws_api_gateway_model: { broken: { rest_api_id: api, name: 'Broken', schema: '{' } },
    };
    expect(() => modelOf(broken)).toThrow(
      expect.objectContaining({
        name: 'ModelError',
        failures: [
          'dev-api: aws_api_gateway_resource.lost: parent_id: no resource has the id nowhere',
          'dev-api: aws_api_gateway_method.lonely: has no aws_api_gateway_integration',
          'dev-api: aws_api_gateway_method.lonely: request_validator_id: no aws_api_gateway_request_validator has the id absent',
          'dev-api: aws_api_gateway_method.homeless: resource_id: no resource has the id r',
          'dev-api: aws_api_gateway_method.homeless: has no aws_api_gateway_integration',
          expect.stringMatching(/^dev-api: aws_api_gateway_model\.broken: schema: is no JSON: /),
        ],
      }),
    );
  });

  it('says what of its methods it cannot serve, without keeping the rest from it', () => {
    const { aws_api_gateway_method: methods, aws_api_gateway_integration: integrations } = restApi;
    const role = 'arn:aws:iam::000000000000:role/invoker';
    const model = modelOf({
      ...restApi,
      aws_api_gateway_rest_api: { api: { name: 'app-dev', body: '{"openapi":"3.0.1"}' } },
      aws_api_gateway_resource: {
        ...restApi.aws_api_gateway_resource,
        other: resource('aws_api_gateway_rest_api.api.root_resource_id', 'other'),
      },
      aws_api_gateway_method: {
        ...methods,
        closed: { ...place('other', 'GET'), authorization: 'COGNITO_USER_POOLS', authorizer_id: 'x' },
        proxy: { ...place('other', 'PUT'), authorization: 'NONE' },
        queue: { ...place('other', 'POST'), authorization: 'NONE' },
      },
      aws_api_gateway_integration: {
        ...integrations,
        closed: { ...place('other', 'GET'), type: 'MOCK' },
        proxy: { ...place('other', 'PUT'), type: 'HTTP_PROXY', uri: 'https://example.com' },
        queue: {
          ...place('other', 'POST'),
          type: 'AWS',
          uri: 'arn:aws:apigateway:eu-central-1:sqs:path/1/q',
          credentials: role,
        },
      },
      aws_api_gateway_stage: { envA: { rest_api_id: api, stage_name: 'envA', deployment_id: 'd' } },
      aws_api_gateway_method_settings: {
        all: { rest_api_id: api, stage_name: 'envA', method_path: '*/*', settings: { throttling_rate_limit: 5 } },
        own: {
          rest_api_id: api,
          stage_name: 'envA',
          method_path: 'user/{id}/GET',
          settings: [{ throttling_burst_limit: '7', caching_enabled: true }],
        },
        nested: {
          rest_api_id: api,
          stage_name: 'envA',
          method_path: '~1user/PUT',
          settings: { throttling_burst_limit: 8 },
        },
        none: { rest_api_id: api, stage_name: 'envA', method_path: 'a/GET', settings: { metrics_enabled: true } },
      },
    });
    const [found] = model.regions.primary.restApis;
    const unserved = found?.methods.map((each) => [`${each.httpMethod} ${each.resourcePath}`, each.unserved]);
    expect(Object.fromEntries(unserved ?? [])).toEqual({
      'GET /user/{id}': undefined,
      'ANY /': undefined,
      'GET /other': 'not served locally: the authorization COGNITO_USER_POOLS',
      'PUT /other': 'not served locally: integrations of type HTTP_PROXY',
      'POST /other': 'not served locally: integrations of the service sqs',
    });
    expect(found?.stages.find(({ name }) => name === 'envA')).toMatchObject({
      defaultThrottle: { rateLimit: 5, burstLimit: 5000 },
      methodThrottles: {
        'GET /user/{id}': { rateLimit: 10_000, burstLimit: 7 },
        'PUT /user': { rateLimit: 10_000, burstLimit: 8 },
      },
    });
    expect(model.unserved.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'aws_api_gateway_integration of the service sqs',
        'aws_api_gateway_integration of type HTTP_PROXY',
        'aws_api_gateway_method with the authorization COGNITO_USER_POOLS',
        'aws_api_gateway_rest_api.body',
      ]),
    );
  });
});
