import { describe, expect, it } from 'vitest';
import { readHealthChecks, statusOf } from '#operator/live/health-checks.ts';

describe('health checks', () => {
  it('count as healthy when more than 18 % of the checkers reach the endpoint', () => {
    const observed = (successes: number) =>
      Array.from({ length: 50 }, (_, at) => (at < successes ? 'Success: HTTP Status Code 200' : 'Failure: timeout'));
    expect([observed(9), observed(10), []].map(statusOf)).toEqual(['unhealthy', 'healthy', 'unknown']);
  });

  it('belong to the region whose REST API they ask; others of the account are left alone', async () => {
    const target = { regionType: 'secondary', region: 'eu-west-1', names: {}, rest: 'envA', http: 'envA' } as const;
    const asked: string[] = [];
    const checks = await readHealthChecks([{ apiIds: { rest: 'abc' }, target }], {
      endpointChecks: async () => [
        { id: '1', fqdn: 'abc.execute-api.eu-west-1.amazonaws.com', resourcePath: '/envB/healthcheck?shallow' },
        { id: '2', fqdn: 'abc.execute-api.eu-central-1.amazonaws.com', resourcePath: '/envA/healthcheck' },
        { id: '3', fqdn: 'example.com', resourcePath: '/' },
      ],
      observations: async (id) => {
        asked.push(id);
        return ['Success'];
      },
    });
    expect(checks).toMatchObject([{ id: '1', regionType: 'secondary', environment: 'envB', status: 'healthy' }]);
    expect(asked).toEqual(['1']);
  });
});
