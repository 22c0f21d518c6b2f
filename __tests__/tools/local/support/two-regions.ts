import type { HealthCheck, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';

const AWS_REGIONS = { primary: 'eu-central-1', secondary: 'eu-west-1' } as const;
export const PUBLIC_NAME = 'api.example.com';

/**
 * Two regions with one open route, `GET /healthcheck`, behind `api.example.com`.
 *
 * @param source - folder of the function's package, `index.js` in it
 */
export function twoRegions(source: string): LocalModel {
  return {
    stage: 'dev',
    regions: { primary: regionModel('primary', source), secondary: regionModel('secondary', source) },
    dns: {
      healthChecks: [healthCheck('primary'), healthCheck('secondary')],
      records: (['primary', 'secondary'] as const).map((type) => ({
        name: PUBLIC_NAME,
        type: 'A',
        setIdentifier: type,
        failover: type === 'primary' ? ('PRIMARY' as const) : ('SECONDARY' as const),
        healthCheckId: `hc-${type}`,
        aliasTarget: regionalDomainName(type),
        ttlSeconds: 60,
      })),
    },
    unserved: [],
  };
}

function healthCheck(type: RegionType): HealthCheck {
  return {
    id: `hc-${type}`,
    name: `app-${type}`,
    fqdn: `api${type}.execute-api.${AWS_REGIONS[type]}.amazonaws.com`,
    port: 443,
    resourcePath: '/envA/healthcheck',
    requestIntervalSeconds: 10,
    failureThreshold: 3,
    inverted: false,
  };
}

function regionalDomainName(type: RegionType): string {
  return `d-${type}.execute-api.${AWS_REGIONS[type]}.amazonaws.com`;
}

function regionModel(type: RegionType, source: string): RegionModel {
  const region = AWS_REGIONS[type];
  const arn = `arn:aws:lambda:${region}:000000000000:function:healthcheck`;
  const apiId = `api${type}`;
  return {
    type,
    region,
    functions: [
      {
        name: 'healthcheck',
        arn,
        handler: 'index.handler',
        source,
        codeSha256: 'hash',
        version: '1',
        memoryMb: 128,
        timeoutSeconds: 10,
        environment: { REGION_TYPE: type },
        roleArn: `arn:aws:iam::000000000000:role/healthcheck-${type}`,
        logGroup: '/aws/lambda/healthcheck',
        aliases: [{ name: 'envA', functionVersion: '1' }],
        permissions: [{ action: 'lambda:InvokeFunction', principal: 'apigateway.amazonaws.com', qualifier: 'envA' }],
      },
    ],
    roles: [{ name: `healthcheck-${type}`, arn: `arn:aws:iam::000000000000:role/healthcheck-${type}`, statements: [] }],
    restApis: [
      {
        id: apiId,
        name: 'app',
        executionArn: `arn:aws:execute-api:${region}:000000000000:${apiId}`,
        binaryMediaTypes: [],
        methods: [
          {
            resourcePath: '/healthcheck',
            httpMethod: 'GET',
            authorization: 'NONE',
            apiKeyRequired: false,
            requestParameters: {},
            requestModels: {},
            integration: {
              type: 'AWS_PROXY',
              uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}:\${stageVariables.stage}/invocations`,
              requestTemplates: {},
              requestParameters: {},
              passthroughBehavior: 'WHEN_NO_MATCH',
              timeoutMilliseconds: 29_000,
            },
            integrationResponses: [],
          },
        ],
        models: {},
        gatewayResponses: [],
        stages: [{ name: 'envA', deploymentId: 'd1', variables: { stage: 'envA' } }],
      },
    ],
    usagePlans: [],
    domains: [
      {
        domainName: PUBLIC_NAME,
        regionalDomainName: regionalDomainName(type),
        mappings: [{ basePath: '', apiId, stage: 'envA' }],
      },
    ],
    tables: [],
    buckets: [],
  };
}
