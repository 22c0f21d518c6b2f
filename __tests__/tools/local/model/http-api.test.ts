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
      'dev-api: aws_apigatewayv2_route.lost: target: no aws_apigatewayv2_integration that is served is integrations/absent',
    );
  });
});
