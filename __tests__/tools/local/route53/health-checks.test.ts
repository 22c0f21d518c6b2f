import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { listen, type Service } from '#local/http/listen.ts';
import type { HealthCheck } from '#local/model/model.ts';
import { type HealthChecks, type HealthState, startHealthChecks } from '#local/route53/health-checks.ts';

const started: Service[] = [];
afterEach(async () => {
  for (const service of started.splice(0).reverse()) await service.close();
});

const check: HealthCheck = {
  id: 'hc-1',
  name: 'primary',
  fqdn: 'api.execute-api.eu-central-1.amazonaws.com',
  port: 443,
  resourcePath: '/envA/healthcheck?shallow',
  requestIntervalSeconds: 10,
  failureThreshold: 3,
  inverted: false,
};

/** What one prober does, of which sixteen do the same. */
const ONE_PROBER = [{ region: 'eu-west-1' }];

async function endpoint(listener: RequestListener) {
  const service = await listen(createServer(listener), 0);
  started.push(service);
  return { host: '127.0.0.1', port: service.port };
}

function run(checks: HealthCheck[], address: { host: string; port: number } | undefined, log = new RuntimeLog()) {
  const running = startHealthChecks({ checks, resolve: () => address, timeScale: 1000, log, places: ONE_PROBER });
  started.push(running);
  return running;
}

function changed(checks: HealthChecks): Promise<HealthState> {
  return new Promise((resolve) => {
    const end = checks.onChange((_id, state) => {
      end();
      resolve(state);
    });
  });
}

describe('health checks (S0.17)', () => {
  it('start out healthy, and ask the path with the domain name as host', async () => {
    const asked: string[] = [];
    const address = await endpoint((request, response) => {
      asked.push(`${request.headers.host} ${request.url}`);
      response.writeHead(500).end();
    });
    const checks = run([check], address);
    expect(checks.status('hc-1')).toMatchObject({ status: 'healthy', reason: 'no probe yet' });
    await changed(checks);
    expect(new Set(asked)).toEqual(new Set([`${check.fqdn} ${check.resourcePath}`]));
    expect(checks.status('unknown')).toBeUndefined();
  });

  it('become unhealthy after as many failures in a row as the threshold says, not before', async () => {
    // A success in between starts the count again: F F S F F F.
    const answers = [500, 503, 200, 500, 500, 500];
    let probes = 0;
    const address = await endpoint((_request, response) => {
      response.statusCode = answers[probes++] ?? 500;
      response.end();
    });
    const log = new RuntimeLog();
    const checks = run([check], address, log);
    expect(await changed(checks)).toMatchObject({ status: 'unhealthy', reason: 'HTTP status 500' });
    expect(probes).toBe(6);
    expect(log.query(() => true)).toMatchObject([{ kind: 'health', healthCheck: 'primary', status: 'unhealthy' }]);
  });

  it('become healthy again after as many successes in a row', async () => {
    const answers = [500, 500, 500, 302, 200, 404, 200, 200, 200];
    let probes = 0;
    const address = await endpoint((_request, response) => {
      response.statusCode = answers[probes++] ?? 200;
      response.end();
    });
    const checks = run([check], address);
    expect((await changed(checks)).status).toBe('unhealthy');
    expect((await changed(checks)).status).toBe('healthy');
    expect(probes).toBe(9);
  });

  it('take a broken connection, a refused one and a name without address for failures, and say which', async () => {
    const broken = await endpoint((request) => request.socket.destroy());
    expect((await changed(run([check], broken))).reason).toContain('socket hang up');
    const refused = await listen(createServer(), 0);
    await refused.close();
    expect((await changed(run([check], { host: '127.0.0.1', port: refused.port }))).reason).toContain('ECONNREFUSED');
    expect((await changed(run([check], undefined))).reason).toBe(`${check.fqdn} does not resolve`);
  });

  it('take an endpoint that accepts and never answers for a failure', async () => {
    const hanging = await endpoint(() => {});
    const checks = run([{ ...check, failureThreshold: 1 }], hanging);
    expect((await changed(checks)).reason).toBe('connected, but no answer within 1000 ms');
  });

  it('turn the status around when inverted', async () => {
    const failing = await endpoint((_request, response) => response.writeHead(500).end());
    const checks = run([{ ...check, inverted: true }], failing);
    expect(checks.status('hc-1')?.status).toBe('unhealthy');
    expect((await changed(checks)).status).toBe('healthy');
  });

  it('ask no more once closed, however often', async () => {
    let probes = 0;
    const address = await endpoint((_request, response) => {
      probes++;
      response.end();
    });
    const checks = run([check], address);
    await checks.close();
    await checks.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(probes).toBe(0);
  });

  it('S0.12: keep their verdict when they are changed, ask the new path from then on, and count anew', async () => {
    const asked: string[] = [];
    let seen = () => {};
    const address = await endpoint((request, response) => {
      asked.push(request.url ?? '');
      // Two failures of envA; envB fails the first two times, too.
      response.writeHead(asked.filter((url) => url.includes('envB')).length > 2 ? 200 : 500).end();
      seen();
    });
    const log = new RuntimeLog();
    const checks = run([check], address, log);
    const askedTimes = (times: number) =>
      new Promise<void>((resolve) => {
        seen = () => asked.length >= times && resolve();
      });
    await askedTimes(2);
    // The third probe is under way or about to be: whatever it sees of envA counts no longer.
    const other = { ...check, resourcePath: '/envB/healthcheck?shallow' };
    checks.update([other]);
    expect(checks.status('hc-1')).toMatchObject({ status: 'healthy' });
    await askedTimes(8);
    expect(asked.slice(-4).every((url) => url === other.resourcePath)).toBe(true);
    expect(checks.status('hc-1')).toMatchObject({ status: 'healthy', reason: 'HTTP status 200' });
    expect(log.query(({ kind }) => kind === 'health')).toEqual([]);
  });

  it('S0.12: stay unhealthy when they are changed, until they have seen enough', async () => {
    const address = await endpoint((request, response) => {
      response.writeHead(request.url?.includes('envB') ? 200 : 500).end();
    });
    const checks = run([check], address);
    await changed(checks);
    checks.update([{ ...check, resourcePath: '/envB/healthcheck' }]);
    expect(checks.status('hc-1')).toMatchObject({ status: 'unhealthy' });
    expect(await changed(checks)).toMatchObject({ status: 'healthy', reason: 'HTTP status 200' });
  });

  it('end when they are no longer there, and new ones start', async () => {
    const checks = run([check], undefined);
    checks.update([{ ...check, id: 'hc-2' }]);
    expect(checks.status('hc-1')).toBeUndefined();
    expect(checks.status('hc-2')).toMatchObject({ reason: 'no probe yet' });
  });
});
