import { describe, expect, it } from 'vitest';
import { readHealthChecks, statusOf } from '#operator/live/health-checks.ts';

describe('health checks', () => {
  it('count as healthy when more than 18 % of the checkers reach the endpoint', () => {
    const observed = (successes: number) =>
      Array.from({ length: 50 }, (_, at) => (at < successes ? 'Success: HTTP Status Code 200' : 'Failure: timeout'));
    expect([observed(9), observed(10), []].map(statusOf)).toEqual(['unhealthy', 'healthy', 'unknown']);
  });

  it('belong to the API and region whose own name they ask; others of the account are left alone (B23)', async () => {
    const names = { rest: 'api.example.com', http: 'events.example.com' };
    const target = { regionType: 'secondary', region: 'eu-west-1', names, rest: 'envA', http: 'envA' } as const;
    const asked: string[] = [];
    const checks = await readHealthChecks([{ target }], {
      endpointChecks: async () => [
        { id: '1', fqdn: 'eu-west-1.api.example.com', resourcePath: '/healthcheck?shallow=true' },
        { id: '2', fqdn: 'eu-west-1.events.example.com', resourcePath: '/events/healthcheck?shallow=true' },
        { id: '3', fqdn: 'eu-central-1.api.example.com', resourcePath: '/healthcheck?shallow=true' },
        { id: '4', fqdn: 'api.example.com', resourcePath: '/' },
      ],
      observations: async (id) => {
        asked.push(id);
        return ['Success'];
      },
    });
    expect(checks).toMatchObject([
      { id: '1', regionType: 'secondary', kind: 'rest', status: 'healthy' },
      { id: '2', regionType: 'secondary', kind: 'http', status: 'healthy' },
    ]);
    expect(asked).toEqual(['1', '2']);
  });
});
