import { operations } from '#contract/index.ts';
import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import { regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';
import { context } from './faked-live.ts';

const ENVIRONMENTS = ['envA', 'envB', 'preview'];
const NAMES = { rest: 'api.local', http: 'events.local' } as const;
const DEPLOYED_AT = Date.parse('2026-01-02T03:04:05Z');

/** What a local runtime tells of one region when everything is in order. */
export function localRegion(region: string, changes: Partial<RegionMessage> = {}): RegionMessage {
  const stages = (kind: string) =>
    ENVIRONMENTS.map((name) => ({
      name,
      url: `http://127.0.0.1:1/${name}`,
      variables: {},
      routes: operations.filter(({ api }) => api === kind).map(({ method, path }) => `${method} ${path}`),
      deploymentId: `${kind}-${name}`,
      ...(kind === 'rest' && { documentationVersion: `${name}-0123abcd` }),
    }));
  return regionMessage({
    region,
    names: [
      { kind: 'rest', name: NAMES.rest, environment: 'envA', regionalHost: `d-rest.${region}` },
      { kind: 'http', name: NAMES.http, environment: 'envA', regionalHost: `d-http.${region}` },
    ],
    apis: (['rest', 'http'] as const).map((kind) => ({
      kind,
      id: `${kind}-id`,
      name: prefix(context),
      url: 'http://127.0.0.1:1',
      stages: stages(kind),
    })),
    functions: [...new Set(operations.map((operation) => operation.function))].map((name) => ({
      name: functionName(context, name),
      versions: ['1', '$LATEST'].map((version) => ({
        version,
        codeSha256: `sha of ${name}`,
        handler: 'index.handler',
        memoryMb: 128,
        timeoutSeconds: 3,
        roleArn: 'arn:role',
        environment: {},
      })),
      aliases: { envA: '1', envB: '1', preview: '$LATEST' },
      weights: {},
      pinned: [],
      invokers: { envA: ['*'], envB: ['*'], preview: ['*'] },
      records: {},
    })),
    ...changes,
  });
}

/** What a local runtime tells when everything is in order. */
export function localLive(regions: Partial<RegionsMessage['regions']> = {}): RegionsMessage {
  return regionsMessage({
    startedAt: DEPLOYED_AT,
    environments: Object.fromEntries(
      ENVIRONMENTS.map((name) => [name, { follows: 'working tree', deployedAt: DEPLOYED_AT }]),
    ),
    targets: { 'entry-primary': 'envA', 'entry-secondary': 'envA' },
    regions: { primary: localRegion('eu-central-1'), secondary: localRegion('eu-west-1'), ...regions },
    publicNames: (['rest', 'http'] as const).map((kind) => ({ kind, name: NAMES[kind], url: 'http://127.0.0.1:1' })),
    healthChecks: ['eu-central-1', 'eu-west-1'].flatMap((region) =>
      (['rest', 'http'] as const).map((kind) => ({
        id: `${region} ${kind}`,
        fqdn: `${region}.${NAMES[kind]}`,
        resourcePath: kind === 'rest' ? '/healthcheck?shallow=true' : '/events/healthcheck?shallow=true',
        status: 'healthy',
        reason: 'HTTP status 200',
      })),
    ),
  });
}
