import { describe, expect, it } from 'vitest';
import { summarize } from '#local/control/summary.ts';
import { createCredentialStore } from '#local/iam/credential-store.ts';
import type { UsagePlan } from '#local/model/api-model.ts';
import { describeRegions } from '#local/runtime/describe-regions.ts';
import { PUBLIC_NAME, twoRegions } from '#tests/tools/local/support/two-regions.ts';

const PLAN: UsagePlan = {
  id: 'plan',
  name: 'app',
  apiStages: [{ apiId: 'apiprimary', stage: 'envA' }],
  keys: [
    { id: '1', name: 'old', value: 'disabled-key', enabled: false },
    { id: '2', name: 'new', value: 'the-key', enabled: true },
  ],
};

function message() {
  const base = twoRegions('/nowhere');
  const primary = { ...base.regions.primary, usagePlans: [PLAN] };
  const model = { ...base, regions: { ...base.regions, primary } };
  const region = (port: number, failed: boolean) => ({
    gateways: {
      rest: { url: `http://127.0.0.1:${port}`, failed: () => failed },
      http: { url: `http://127.0.0.1:${port + 1}`, failed: () => failed },
    },
    services: { ssm: `http://127.0.0.1:${port + 2}` },
    isHeld: (environment: string) => environment === 'envA' && !failed,
  });
  return describeRegions({
    target: { model: () => model, targets: () => ({ 'entry-primary': 'envA', routing: 'envA' }) },
    publicNames: [{ kind: 'rest', name: PUBLIC_NAME, entry: { url: 'http://127.0.0.1:1' } }],
    regions: { primary: region(10, false), secondary: region(20, true) },
    credentials: createCredentialStore(model),
    healthChecks: { status: () => ({ status: 'healthy', since: 1, reason: 'HTTP status 200' }) },
    startedAt: 7,
    releases: {
      current: () => new Map([['envA', { model, follows: 'working tree', deployedAt: 7, pinned: NOTHING_PINNED }]]),
      shared: () => model,
    },
  });
}

const NOTHING_PINNED = { primary: new Map(), secondary: new Map() };

describe('what GET /regions tells', () => {
  it('S0.15: is everything that is deployed, where it answers, and where the names lead', () => {
    expect(message()).toMatchObject({
      stage: 'dev',
      startedAt: 7,
      environments: { envA: { follows: 'working tree', deployedAt: 7 } },
      targets: { 'entry-primary': 'envA', routing: 'envA' },
      regions: {
        primary: {
          failed: false,
          services: { ssm: 'http://127.0.0.1:12' },
          names: [{ kind: 'rest', name: PUBLIC_NAME, environment: 'envA', regionalHost: expect.stringMatching(/^d-/) }],
          apis: [
            {
              kind: 'rest',
              id: 'apiprimary',
              url: 'http://127.0.0.1:10',
              stages: [{ name: 'envA', url: 'http://127.0.0.1:10/envA', deploymentId: 'd1', held: 1 }],
            },
          ],
          functions: [
            {
              name: 'healthcheck',
              versions: [{ version: '1', codeSha256: 'hash' }],
              aliases: { envA: '1' },
              invokers: { envA: ['*'] },
            },
          ],
        },
        secondary: { failed: true, names: [{ environment: 'envA' }] },
      },
      healthChecks: [
        { id: 'hc-primary', status: 'healthy' },
        { id: 'hc-secondary', status: 'healthy' },
      ],
    });
  });

  it('is summarized for callers: the entry, the key of the environment that it leads to, and each region', () => {
    expect(summarize(message())).toMatchObject({
      entry: 'http://127.0.0.1:1',
      name: PUBLIC_NAME,
      apiKey: 'the-key',
      apiKeys: [{ value: 'the-key', environments: ['envA'] }],
      regions: {
        primary: { url: 'http://127.0.0.1:10', target: 'envA', environments: { envA: 'http://127.0.0.1:10/envA' } },
        secondary: { url: 'http://127.0.0.1:20' },
      },
    });
    expect(summarize(message())).not.toHaveProperty('httpEntry');
  });
});
