import { describe, expect, it } from 'vitest';
import type { SwitchRegionPort } from '#operator/switch/preflight/region.ts';
import type { FunctionRecord, ReleaseRecord } from '#stacks/release-record.ts';
import type { FakedRegion } from '#tests/tools/operator/live/faked-live.ts';
import { fakedAws, RELEASED } from '#tests/tools/operator/switch/aws/faked-aws.ts';

const WAY = { from: 'envA', to: 'envB' };

const ROUTE = { id: 'get-user', api: 'rest', method: 'GET', path: '/user/{id}', auth: 'open' } as const;
const HEALTH = { id: 'healthcheck', api: 'rest', method: 'GET', path: '/healthcheck', auth: 'open' } as const;

function record(environment: string, changes: Partial<FunctionRecord> = {}): ReleaseRecord {
  const role = { hash: '1', name: 'role-1', policy: '{}' };
  const code = { bucket: '', key: '', version: '', sha256: '' };
  const user = { version: '1', role, package: code, tables: {}, routes: [ROUTE], ...changes };
  return { environment, functions: { user, healthcheck: { ...user, routes: [HEALTH] } } };
}

const recorded = (changes: Partial<FunctionRecord> = {}): FakedRegion => ({
  ...RELEASED,
  records: [record('envA'), record('envB', changes)],
});

function canary(primary: FakedRegion, ports: Partial<SwitchRegionPort> = {}) {
  return fakedAws({ regions: { primary, secondary: recorded() }, ports: { primary: ports, secondary: ports } }).canary;
}

describe('what a canary may and may not be (B8)', () => {
  it('may be where versions differ, and roles and routes do not', async () => {
    expect(await canary(recorded()).obstacles(WAY)).toEqual([]);
  });

  it.each<[string, FakedRegion, RegExp]>([
    [
      'another role',
      recorded({ role: { hash: '2', name: 'role-2', policy: '{}' } }),
      /^user has another role in envB \(role-2\) than in envA \(role-1\), and Lambda weighs versions of one role only\.$/,
    ],
    [
      'another route',
      recorded({ routes: [ROUTE, { ...ROUTE, id: 'post-user', method: 'POST' }] }),
      /^envB has other routes than envA: \+ user: POST \/user\/\{id\} \(open, rest\)\. In a canary its versions run behind the routes of envA\.$/,
    ],
    [
      'another way to be let in',
      recorded({ routes: [{ ...ROUTE, auth: 'apiKey' }] }),
      /\+ user: GET \/user\/\{id\} \(apiKey, rest\), - user: GET \/user\/\{id\} \(open, rest\)/,
    ],
    ['no record', { ...RELEASED, records: [record('envA')] }, /^envB left no release record/],
    [
      'the same versions',
      { ...recorded(), versions: { envA: '4', envB: '4' } },
      /^envB runs the versions that envA runs: there is nothing to try\.$/,
    ],
    [
      'weights that are left',
      { ...recorded(), weights: { envA: { 7: 0.1 } } },
      /^The alias envA of user has weights already: end what gave them to it\.$/,
    ],
  ])('may not be with %s', async (_, primary, message) => {
    const found = await canary(primary).obstacles(WAY);
    expect(found.map(({ regionType }) => regionType)).toContain('primary');
    expect(found.some((each) => message.test(each.message))).toBe(true);
    expect(found.some(({ regionType }) => regionType === 'secondary')).toBe(false);
  });

  it('knows where weights are left', async () => {
    const ports = canary({ ...recorded(), weights: { envA: { 7: 0.1 } } });
    expect([await ports.weighed('primary'), await ports.weighed('secondary')]).toEqual([['envA'], []]);
  });

  it('gives every function whose version differs its weight, and takes them from every function', async () => {
    const given: unknown[] = [];
    const ports = canary(recorded(), {
      weigh: async (environment, functions, weights) => void given.push([environment, functions.length, weights]),
    });
    await ports.weigh('primary', { ...WAY, percent: 10 });
    const [[environment, count, weights] = []] = given as [string, number, Record<string, unknown>][];
    expect([environment, Object.keys(weights ?? {})]).toEqual([
      'envA',
      expect.arrayContaining(['two-region-api-dev-user']),
    ]);
    expect(Object.values(weights ?? {})).toEqual(Array(count).fill({ version: '4', share: 0.1 }));
    await ports.unweigh('secondary', 'envA');
    expect(given[1]).toEqual(['envA', count, {}]);
  });

  it('compares both versions of each function in both regions, health checks told apart', async () => {
    const ports = canary(recorded(), {
      measure: async (environment, versions, since) => {
        expect([environment, since]).toEqual(['envA', '2026-11-29T10:00:00.000Z']);
        return versions.map((each) => ({
          ...each,
          requests: each.version === '4' ? 100 : 900,
          errors: 0,
          durationP99: 9,
        }));
      },
    });
    const { functions, verdict } = await ports.compare(WAY, '2026-11-29T10:00:00.000Z');
    expect(verdict).toBe('well');
    expect(functions.filter(({ function: name }) => name === 'user')).toEqual(
      ['primary', 'secondary'].map((regionType) => ({
        regionType,
        function: 'user',
        isHealthCheck: false,
        failsToRefuse: true,
        before: { version: '3', requests: 900, errors: 0, durationP99: 9 },
        after: { version: '4', requests: 100, errors: 0, durationP99: 9 },
      })),
    );
    expect(functions.filter(({ isHealthCheck }) => isHealthCheck).map(({ function: name }) => name)).toEqual([
      'healthcheck',
      'healthcheck',
    ]);
  });
});
