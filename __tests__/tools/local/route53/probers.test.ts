import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { FailureMode } from '#local/failure/failure.ts';
import { listen } from '#local/http/listen.ts';
import type { CalculatedCheck, HealthCheck } from '#local/model/model.ts';
import { type HealthChecks, startHealthChecks } from '#local/route53/health-checks.ts';
import { predictRecovery } from '#local/route53/predictions.ts';

const check: HealthCheck = {
  id: 'hc-1',
  name: 'primary',
  fqdn: 'eu-central-1.api.example.com',
  port: 443,
  resourcePath: '/healthcheck',
  requestIntervalSeconds: 10,
  failureThreshold: 3,
  inverted: false,
};

/** Checks whose endpoint fails in a way that needs no network; `undefined`: the name doesn't resolve, which is told at once. */
function start(failure: FailureMode | undefined, more: Partial<Parameters<typeof startHealthChecks>[0]> = {}) {
  const checks = startHealthChecks({
    checks: [check],
    resolve: () => failure && { host: '127.0.0.1', port: 1, region: 'eu-central-1', failure },
    timeScale: 1,
    log: new RuntimeLog(),
    ...more,
  });
  onTestFinished(() => checks.close());
  return checks;
}

/** Seconds until a check has another status. */
async function secondsUntilChange(checks: HealthChecks): Promise<number> {
  const before = checks.status('hc-1')?.status;
  const began = Date.now();
  while (checks.status('hc-1')?.status === before && Date.now() - began < 120_000)
    await vi.advanceTimersByTimeAsync(100);
  return (Date.now() - began) / 1000;
}

describe('the probers of a health check (S0.17)', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    { fault: 'refused', failure: undefined, from: 20, to: 30 },
    { fault: 'silent', failure: { kind: 'slow', milliseconds: 5000 }, from: 26, to: 36.5 },
    { fault: 'dropped', failure: { kind: 'drop' }, from: 32, to: 42 },
  ] as const)('notice what is $fault within the predicted $from to $to s', async ({ fault, failure, from, to }) => {
    const dns = { healthChecks: [check], records: [{ ...record, healthCheckId: 'hc-1' }] };
    const { notice } = predictRecovery(dns, 1)[fault];
    expect([notice.atLeast, notice.atMost]).toEqual([from, Math.floor(to)]);
    const seconds = await secondsUntilChange(start(failure));
    expect(seconds).toBeGreaterThanOrEqual(from);
    // The way to far checkers adds to what they wait for.
    expect(seconds).toBeLessThanOrEqual(to);
  });

  it('ask from sixteen places spread over an interval', async () => {
    const asked: number[] = [];
    start(undefined, {
      resolve: () => {
        asked.push(Date.now());
        return undefined;
      },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(16);
    expect(new Set(asked).size).toBe(16);
  });

  it('wait an interval by the clock, also where a timer ends too early', async () => {
    let behind = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now() - behind);
    onTestFinished(() => void vi.restoreAllMocks());
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return undefined;
    };
    start(undefined, { places: [{ region: 'eu-west-1' }], resolve });
    while (asked === 0) await vi.advanceTimersByTimeAsync(1);
    behind = 29;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(30);
    expect(asked).toBe(2);
  });
});

describe('a health check of many probers (S0.17)', () => {
  it.each([
    // 200 ms from Asia and South America, 8 of 16 probers; there and back twice after connecting, within 2 s.
    { milliseconds: 1700, status: 'healthy' },
    // 110 ms from the United States, 6 more: the two of Europe alone are 12.5 %.
    { milliseconds: 1900, status: 'unhealthy' },
  ])(
    'of an endpoint that takes $milliseconds ms is $status: more than 18 % of them must see it in time',
    async (late) => {
      const service = await listen(
        createServer((_request, response) => response.end()),
        0,
      );
      onTestFinished(() => service.close());
      let asked = 0;
      const failure = { kind: 'slow', milliseconds: late.milliseconds } as const;
      const checks = start(undefined, {
        timeScale: 1000,
        resolve: () => {
          asked += 1;
          return { host: '127.0.0.1', port: service.port, region: 'eu-central-1', failure };
        },
      });
      await vi.waitUntil(() => asked > 16 * 12, 60_000);
      expect(checks.status('hc-1')?.status).toBe(late.status);
    },
  );

  it('of an endpoint that fails now and then is judged by what each of them sees, not by what one of them saw', async () => {
    let requests = 0;
    const service = await listen(
      createServer((_request, response) => {
        requests += 1;
        response.end();
      }),
      0,
    );
    onTestFinished(() => service.close());
    let asked = 0;
    start(undefined, {
      timeScale: 1000,
      resolve: () => {
        asked += 1;
        return { host: '127.0.0.1', port: service.port, erratic: true };
      },
    });
    await vi.waitUntil(() => asked > 16 * 12, 60_000);
    // Those that are still on their way are at most one of each prober.
    expect(requests).toBeGreaterThanOrEqual(asked - 16);
  });

  it('of an endpoint whose packets are dropped while a prober waits for its response loses that probe no sooner than the next', async () => {
    let failure: FailureMode | undefined;
    let since = Number.NaN;
    const server = createServer(() => {
      // As the failing of a region does: the fault is there, and connections break at once, which those that were dropped don't.
      failure = { kind: 'drop' };
      since = performance.now();
      server.closeAllConnections();
    });
    const service = await listen(server, 0);
    onTestFinished(() => service.close());
    const checks = start(undefined, {
      timeScale: 40,
      places: [{ region: 'eu-west-1' }],
      resolve: () => ({ host: '127.0.0.1', port: service.port, region: 'eu-central-1', failure }),
    });
    await new Promise<void>((resolve) => checks.onChange(() => resolve()));
    expect((performance.now() - since) * 40).toBeGreaterThanOrEqual(32_000);
    expect(checks.status('hc-1')).toMatchObject({ status: 'unhealthy', reason: 'no TCP connection within 4000 ms' });
  });

  it('is only as good as the text that it looks for', async () => {
    const texts = ['home', 'x'.repeat(5117) + '"go"', 'x'.repeat(5116) + '"go"'];
    const status = await Promise.all(
      texts.map(async (text) => {
        const service = await listen(
          createServer((_request, response) => response.end(text)),
          0,
        );
        onTestFinished(() => service.close());
        const searched = { ...check, searchString: '"go"' };
        const address = { host: '127.0.0.1', port: service.port };
        const checks = start(undefined, { timeScale: 1000, checks: [searched], resolve: () => address });
        await vi.waitUntil(() => checks.status('hc-1')?.reason !== 'no probe yet', 60_000);
        return checks.status('hc-1')?.reason;
      }),
    );
    expect(status).toEqual([
      'HTTP status 200, but not in the response: "go"',
      'HTTP status 200, but not in the response: "go"',
      'HTTP status 200, found in the response: "go"',
    ]);
  });
});

describe('a calculated health check (B6)', () => {
  const both: CalculatedCheck = { id: 'calc', name: 'both', children: ['hc-1', 'hc-2'], threshold: 2, inverted: false };

  it('follows its children at once, and says how many of them are healthy', async () => {
    const log = new RuntimeLog();
    const checks = start(undefined, {
      checks: [check, { ...check, id: 'hc-2', inverted: true }],
      calculatedChecks: [both],
      timeScale: 1000,
      log,
    });
    // An inverted check starts out unhealthy.
    expect(checks.status('calc')).toMatchObject({
      status: 'unhealthy',
      reason: '1 of 2 health checks are healthy, 2 needed',
    });
    const statuses: string[] = [];
    checks.onChange((id, { status }) => statuses.push(`${id} ${status}`));
    await vi.waitUntil(
      () => checks.status('hc-1')?.status === 'unhealthy' && checks.status('hc-2')?.status === 'healthy',
      60_000,
    );
    expect(checks.status('calc')).toMatchObject({
      status: 'unhealthy',
      reason: '1 of 2 health checks are healthy, 2 needed',
    });
    expect(new Set(statuses)).toEqual(new Set(statuses.filter((each) => /^(hc-1|hc-2|calc)/.test(each))));
  });

  it.each([
    { failing: [], unhealthy: [] },
    { failing: ['primary'], unhealthy: ['primary'] },
    { failing: ['secondary'], unhealthy: ['secondary'] },
    // A fault that both share moves nothing.
    { failing: ['primary', 'secondary'], unhealthy: [] },
  ])(
    'S4.6: relative, of two regions of which $failing fail finds $unhealthy unhealthy',
    async ({ failing, unhealthy }) => {
      const service = await listen(
        createServer((_request, response) => response.end()),
        0,
      );
      onTestFinished(() => service.close());
      const fails = new Set<string>(failing);
      const own = (type: string) => ({ ...check, id: `${type}-own`, fqdn: type });
      const other = (type: string, fqdn: string) => ({ ...check, id: `${type}-other`, fqdn, inverted: true });
      // Nobody says that traffic keeps away.
      const control = (type: string) => ({ ...check, id: `${type}-control`, fqdn: 'gone', inverted: true });
      const region = (type: string): CalculatedCheck => ({
        id: type,
        name: type,
        children: [`${type}-own`, `${type}-control`, `${type}-other`],
        threshold: 2,
        inverted: false,
      });
      let asked = 0;
      const checks = start(undefined, {
        checks: [
          ...['primary', 'secondary'].flatMap((type) => [own(type), control(type)]),
          ...[other('primary', 'secondary'), other('secondary', 'primary')],
        ],
        calculatedChecks: [region('primary'), region('secondary')],
        timeScale: 1000,
        places: [{ region: 'eu-west-1' }],
        resolve: (fqdn) => {
          asked += 1;
          return fqdn === 'gone' || fails.has(fqdn) ? undefined : { host: '127.0.0.1', port: service.port };
        },
      });
      await vi.waitUntil(() => asked > 6 * 5, 60_000);
      const statuses = ['primary', 'secondary'].filter((type) => checks.status(type)?.status === 'unhealthy');
      expect(statuses).toEqual(unhealthy);
    },
  );

  it.each([
    { threshold: 0, inverted: false, status: 'healthy' },
    { threshold: 3, inverted: false, status: 'unhealthy' },
    { threshold: 1, inverted: true, status: 'unhealthy' },
  ])('with threshold $threshold, inverted $inverted, is $status while both children are healthy', (change) => {
    const { status, ...changed } = change;
    const checks = start(undefined, {
      checks: [check, { ...check, id: 'hc-2' }],
      calculatedChecks: [{ ...both, ...changed }],
    });
    expect(checks.status('calc')?.status).toBe(status);
  });
});

const record = { name: 'api.example.com', type: 'A', failover: 'PRIMARY', ttlSeconds: 60 } as const;
