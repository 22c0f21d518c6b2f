import { describe, expect, it } from 'vitest';
import { modelOf, type Resources, ref } from './model-fixture.ts';

const api = ref('aws_apigatewayv2_api.events.id');

const httpApi: Resources = {
  aws_apigatewayv2_api: {
    events: {
      name: 'app-dev',
      protocol_type: 'HTTP',
      cors_configuration: { allow_origins: ['*'], allow_methods: ['GET'], max_age: 3600 },
    },
  },
  aws_apigatewayv2_integration: {
    events: { api_id: api, integration_type: 'AWS_PROXY', integration_uri: 'arn:x', payload_format_version: '2.0' },
  },
  aws_apigatewayv2_route: {
    post: {
      api_id: api,
      route_key: 'POST /events',
      authorization_type: 'AWS_IAM',
      target: `integrations/${ref('aws_apigatewayv2_integration.events.id')}`,
    },
  },
  aws_apigatewayv2_stage: {
    envA: {
      api_id: api,
      name: 'envA',
      auto_deploy: true,
      stage_variables: { stage: 'envA' },
      default_route_settings: {
        throttling_rate_limit: 0.5,
        throttling_burst_limit: '20',
        detailed_metrics_enabled: true,
      },
      route_settings: [{ route_key: 'POST /events', throttling_rate_limit: 1, throttling_burst_limit: 2 }],
    },
  },
  aws_apigatewayv2_domain_name: {
    events: { domain_name: 'events.example.com', domain_name_configuration: { endpoint_type: 'REGIONAL' } },
  },
  aws_apigatewayv2_api_mapping: {
    events: { api_id: api, domain_name: ref('aws_apigatewayv2_domain_name.events.id'), stage: 'envA' },
  },
};

describe('an HTTP API', () => {
  it('has routes with what they integrate, CORS and stages (S2.1, S2.2, S2.6)', () => {
    expect(modelOf(httpApi).regions.primary.httpApis).toEqual([
      {
        id: expect.stringMatching(/^[a-z0-9]{10}$/),
        name: 'app-dev',
        executionArn: expect.stringMatching(/^arn:aws:execute-api:eu-central-1:000000000000:[a-z0-9]{10}$/),
        cors: {
          allowOrigins: ['*'],
          allowMethods: ['GET'],
          allowHeaders: [],
          exposeHeaders: [],
          allowCredentials: false,
          maxAgeSeconds: 3600,
        },
        routes: [
          {
            routeKey: 'POST /events',
            authorization: 'AWS_IAM',
            integration: { uri: 'arn:x', payloadFormatVersion: '2.0', timeoutMilliseconds: 30_000 },
          },
        ],
        stages: [
          {
            name: 'envA',
            deploymentId: 'auto',
            variables: { stage: 'envA' },
            defaultThrottle: { rateLimit: 0.5, burstLimit: 20 },
            routeThrottles: { 'POST /events': { rateLimit: 1, burstLimit: 2 } },
          },
        ],
      },
    ]);
  });

  it('is reached through its domain (S2.5)', () => {
    const { domains, httpApis } = modelOf(httpApi).regions.primary;
    expect(domains).toEqual([
      {
        domainName: 'events.example.com',
        regionalDomainName: expect.stringMatching(/^d-[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/),
        mappings: [{ basePath: '', apiId: httpApis?.[0]?.id, stage: 'envA' }],
      },
    ]);
  });

  it('whose route leads nowhere is an error with the address', () => {
    const route = { api_id: api, route_key: 'GET /', target: 'integrations/absent' };
    expect(() => modelOf({ ...httpApi, aws_apigatewayv2_route: { lost: route } })).toThrow(
      'dev-api: aws_apigatewayv2_route.lost: target: no aws_apigatewayv2_integration is integrations/absent',
    );
  });

  it('with a target has what AWS makes of it: an integration, a route and the stage $default', () => {
    const quick = (target: string, more = {}) => ({ name: 'quick', protocol_type: 'HTTP', target, ...more });
    const { httpApis = [] } = modelOf({
      aws_apigatewayv2_api: {
        fn: quick('arn:aws:lambda:eu-central-1:000000000000:function:test', {
          route_key: 'GET /pets',
          credentials_arn: 'r',
        }),
        url: quick('https://example.com'),
      },
    }).regions.primary;
    const stages = [{ name: '$default', deploymentId: 'auto', variables: {} }];
    const uri = 'arn:aws:lambda:eu-central-1:000000000000:function:test';
    expect(httpApis).toMatchObject([
      {
        routes: [
          {
            routeKey: 'GET /pets',
            authorization: 'NONE',
            integration: { uri, payloadFormatVersion: '2.0', timeoutMilliseconds: 30_000, credentials: 'r' },
          },
        ],
        stages,
      },
      { routes: [{ routeKey: '$default', unserved: 'not served locally: integrations of type HTTP_PROXY' }], stages },
    ]);
  });

  it('keeps what its routes map, and says what it cannot serve, without keeping the rest from it', () => {
    const { aws_apigatewayv2_integration: integrations, aws_apigatewayv2_route: routes } = httpApi;
    const target = (name: string) => `integrations/${ref(`aws_apigatewayv2_integration.${name}.id`)}`;
    const model = modelOf({
      ...httpApi,
      aws_apigatewayv2_api: { ...httpApi.aws_apigatewayv2_api, socket: { name: 's', protocol_type: 'WEBSOCKET' } },
      aws_apigatewayv2_integration: {
        ...integrations,
        mapped: {
          api_id: api,
          integration_type: 'AWS_PROXY',
          integration_uri: 'arn:x',
          credentials_arn: 'arn:role',
          request_parameters: { 'append:header.x': '$context.stage' },
          response_parameters: [{ status_code: 200, mappings: { 'overwrite:statuscode': 202 } }],
        },
        queue: { api_id: api, integration_type: 'AWS_PROXY', integration_subtype: 'SQS-SendMessage' },
        url: {
          api_id: api,
          integration_type: 'HTTP_PROXY',
          integration_uri: 'https://example.com',
          integration_method: 'GET',
        },
      },
      aws_apigatewayv2_route: {
        ...routes,
        custom: { api_id: api, route_key: 'GET /custom', authorization_type: 'CUSTOM', target: target('mapped') },
        mapped: { api_id: api, route_key: 'GET /mapped', target: target('mapped') },
        queue: { api_id: api, route_key: 'GET /queue', target: target('queue') },
        url: { api_id: api, route_key: 'GET /url', target: target('url') },
      },
    });
    const [{ routes: served = [] } = {}, ...others] = model.regions.primary.httpApis ?? [];
    expect(others).toEqual([]);
    expect(Object.fromEntries(served.map(({ routeKey, unserved }) => [routeKey, unserved]))).toEqual({
      'GET /custom': 'not served locally: the authorization CUSTOM',
      'GET /mapped': undefined,
      'GET /queue': 'not served locally: integrations of SQS-SendMessage',
      'GET /url': 'not served locally: integrations of type HTTP_PROXY',
      'POST /events': undefined,
    });
    expect(served.find(({ routeKey }) => routeKey === 'GET /mapped')?.integration).toEqual({
      uri: 'arn:x',
      payloadFormatVersion: '1.0',
      timeoutMilliseconds: 30_000,
      credentials: 'arn:role',
      requestParameters: { 'append:header.x': '$context.stage' },
      responseParameters: { '200': { 'overwrite:statuscode': '202' } },
    });
    expect(model.unserved.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'aws_apigatewayv2_api of the protocol WEBSOCKET',
        'aws_apigatewayv2_integration of SQS-SendMessage',
        'aws_apigatewayv2_integration of type HTTP_PROXY',
        'aws_apigatewayv2_route with the authorization CUSTOM',
      ]),
    );
  });

  it('knows what the tokens of a route must be, and refuses a route whose authorizer is none', () => {
    const target = `integrations/${ref('aws_apigatewayv2_integration.events.id')}`;
    const withRoute = (more: object) =>
      modelOf({
        ...httpApi,
        aws_apigatewayv2_authorizer: {
          jwt: {
            api_id: api,
            name: 'jwt',
            authorizer_type: 'JWT',
            identity_sources: ['$request.header.Authorization'],
            jwt_configuration: { issuer: 'https://issuer.example.com', audience: ['app'] },
          },
          lambda: { api_id: api, name: 'lambda', authorizer_type: 'REQUEST' },
        },
        aws_apigatewayv2_route: {
          jwt: { api_id: api, route_key: 'GET /jwt', authorization_type: 'JWT', target, ...more },
        },
      });
    const ofJwt = { authorizer_id: ref('aws_apigatewayv2_authorizer.jwt.id') };
    const model = withRoute({ ...ofJwt, authorization_scopes: ['read'] });
    expect(model.regions.primary.httpApis?.[0]?.routes).toMatchObject([
      {
        authorization: 'JWT',
        jwt: {
          issuer: 'https://issuer.example.com',
          audience: ['app'],
          scopes: ['read'],
          identitySources: ['$request.header.Authorization'],
        },
      },
    ]);
    expect(model.unserved.map(({ type }) => type)).toContain('aws_apigatewayv2_authorizer of type REQUEST');
    for (const more of [{}, { authorizer_id: ref('aws_apigatewayv2_authorizer.lambda.id') }]) {
      expect(() => withRoute(more)).toThrow(
        /aws_apigatewayv2_route\.jwt: authorizer_id: got .*allowed: a JWT authorizer/,
      );
    }
  });
});
