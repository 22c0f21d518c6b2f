import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../../tools/operator/status/describe-status.ts';
import { readLocalStatus } from '../../../../tools/operator/status/read-local-status.ts';

const region = (name: string, failed = false) => ({
  region: name,
  failed,
  since: 0,
  healthChecks: [
    {
      name: `app-dev-${name}`,
      resourcePath: '/envB/healthcheck?shallow',
      status: failed ? ('unhealthy' as const) : ('healthy' as const),
      since: 0,
      reason: '',
    },
  ],
});
const environments = { envA: 'http://127.0.0.1:1/envA', envB: 'http://127.0.0.1:1/envB' };

describe('the status of the local runtime (S0.15)', () => {
  it('shows target, environments and health, and a region that was made to fail', async () => {
    const status = await readLocalStatus({
      status: async () => ({
        stage: 'dev',
        startedAt: 0,
        timeScale: 1,
        replicationLagMilliseconds: 0,
        regions: { primary: region('eu-central-1', true), secondary: region('eu-west-1') },
        entries: [
          { name: 'api.example.com', url: 'http://127.0.0.1:1', region: 'secondary', since: 0, ttlSeconds: 60 },
        ],
        predicted: { noticeSeconds: 30, ttlSeconds: 60, recoverySeconds: 90 },
      }),
      summary: async () => ({
        stage: 'dev',
        entry: '',
        apiKey: '',
        apiKeys: [],
        regions: {
          primary: { region: 'eu-central-1', environments },
          secondary: { region: 'eu-west-1', environments },
        },
      }),
    });
    expect(status).toMatchObject({ stage: 'dev', names: { rest: 'api.example.com' }, target: 'envB', idle: ['envA'] });
    expect(status.disagreements).toEqual([
      'The primary region eu-central-1 does not answer: it was made to fail: two-region local recover primary',
    ]);
    expect(describeStatus(status, pc.createColors(false))).toMatch(/\* envB .+\n$|\* envB/);
  });
});
