import { describe, expect, it } from 'vitest';
import type { StageAlarms } from '#operator/alarms/read-alarms.ts';
import { makeChecks } from '#operator/doctor/check.ts';
import { judgeDrills } from '#operator/readiness/last-drill.ts';
import { judgeStates, type ReadinessPorts, readinessChecks } from '#operator/readiness/readiness-checks.ts';
import { checkSharedAccount } from '#operator/readiness/shared-account.ts';
import type { VerifiedState } from '#operator/state/verify-state.ts';
import type { StageContext } from '#stacks/context.ts';
import { context as given } from '#tests/tools/operator/live/faked-live.ts';

const settings = { ...given.settings, alarms: { ...given.settings.alarms, heartbeatAgeSeconds: 180 } };
const context: StageContext = { settings, stage: 'dev' };

const region = (regionType: 'primary' | 'secondary', status: 'healthy' | 'unhealthy' = 'healthy') => ({
  ...{ regionType, region: regionType === 'primary' ? 'eu-central-1' : 'eu-west-1', targets: {}, apiIds: {} },
  environments: [],
  health: { rest: { status, fqdn: `${regionType}.api.example.com`, resourcePath: '/healthcheck' } },
});
const alarm = (state: 'ALARM' | 'OK', name = 'envA-sick') => ({ name, state, reason: '' });
const alarms = (state: 'ALARM' | 'OK', problem?: string): StageAlarms => ({
  stage: 'dev',
  regions: [
    { region: 'eu-central-1', alarms: [alarm('OK')] },
    { region: 'eu-west-1', alarms: [alarm(state)], ...(problem !== undefined && { problem }) },
  ],
});

const ready: ReadinessPorts = {
  status: async () => ({ disagreements: [], regions: [region('primary'), region('secondary')], target: 'envA' }),
  parity: async () => ({ differences: [], same: 120 }),
  alarms: async () => alarms('OK'),
  heartbeats: {
    primary: async () => ({ of: 'eu-west-1', ageSeconds: 30 }),
    secondary: async () => ({ of: 'eu-central-1', ageSeconds: 180 }),
  },
  drills: async () => [],
  questions: [],
  flags: '',
};

async function found(ports: Partial<ReadinessPorts> = {}) {
  const results = await makeChecks(readinessChecks(context, { ...ready, ...ports }));
  return Object.fromEntries(results.map(({ name, outcome, found: text, fix }) => [name, { outcome, text, fix }]));
}

describe('whether a stage could do without a region: readiness (B26)', () => {
  it('is so where both regions hold the same and are healthy, heartbeats are young, and no alarm has gone off', async () => {
    expect(await found()).toEqual({
      'both regions': { outcome: 'ok', text: 'both hold envA with the same content, and are healthy' },
      parity: { outcome: 'ok', text: '120 facts are the same in both regions' },
      heartbeat: {
        outcome: 'ok',
        text: "eu-west-1's in eu-central-1 is 30 s old; eu-central-1's in eu-west-1 is 180 s old",
      },
      alarms: { outcome: 'ok', text: 'none of 2 is in ALARM' },
      'last drill': {
        outcome: 'skipped',
        text: 'none is known on this machine',
        fix: 'two-region drill dev --local',
      },
    });
  });

  it('fails with an unhealthy standby, with what differs, and with alarms, and says which command tells more', async () => {
    const all = await found({
      flags: ' --local',
      status: async () => ({
        ...(await ready.status()),
        regions: [region('primary'), region('secondary', 'unhealthy')],
      }),
      parity: async () => ({
        same: 1,
        differences: ['a', 'b'].map((name) => ({ kind: 'alarm', name, primary: '1', secondary: null })),
      }),
      alarms: async () => alarms('ALARM'),
    });
    expect(all['both regions']).toMatchObject({ outcome: 'fail', fix: expect.stringContaining('status dev --local') });
    expect(all.parity).toEqual({
      outcome: 'fail',
      text: 'the regions differ in alarm a and 1 more',
      fix: 'two-region parity dev --local',
    });
    expect(all.alarms).toMatchObject({ outcome: 'fail', text: 'in ALARM: envA-sick in eu-west-1' });
    expect((await found({ alarms: async () => alarms('OK', 'ETIMEDOUT\nmore') })).alarms?.text).toBe(
      'eu-west-1 does not answer: ETIMEDOUT',
    );
  });

  it('asks no alarm of its own runs, which would fail for ever once one has failed', async () => {
    const own = ['readiness', 'readiness-silence'].map((name) => alarm('ALARM', name));
    const regions = [{ region: 'eu-west-1', alarms: [alarm('OK'), ...own] }];
    const { alarms: judged } = await found({ alarms: async () => ({ stage: 'dev', regions }) });
    expect(judged).toMatchObject({ outcome: 'ok', text: 'none of 1 is in ALARM' });
  });

  it('fails with a heartbeat that is late or has never arrived, and skips one that settings leave out', async () => {
    const heard = async (ageSeconds: number | null) => {
      const primary = async () => ({ of: 'eu-west-1', ageSeconds });
      const heartbeats = { primary, secondary: async () => ({ of: 'eu-central-1', ageSeconds: 1 }) };
      return (await found({ heartbeats })).heartbeat;
    };
    expect(await heard(181)).toMatchObject({ outcome: 'fail', text: "eu-west-1's in eu-central-1 is 181 s old" });
    expect(await heard(null)).toMatchObject({ outcome: 'fail', text: 'none of eu-west-1 has arrived in eu-central-1' });
    expect((await found({ heartbeats: undefined })).heartbeat?.outcome).toBe('skipped');
  });

  it('says how old the states are, and since when a copy is behind', () => {
    const now = Date.parse('2026-01-02T03:00:00Z');
    const state = (stack: string, modified: string, copy: VerifiedState['copy']): VerifiedState => ({
      ...{ stack, serial: 1, lineage: 'a', bytes: 1, modified, digest: 'same', copy },
    });
    const fresh = state('dev-data', '2026-01-02T02:30:00Z', 'same');
    expect(judgeStates('dev', { differences: [], states: [fresh] }, now)).toEqual({
      outcome: 'ok',
      found: 'all 1 states have a copy that is the same; the last change is of 30 min ago',
    });
    const behind = state('dev-api-primary', '2026-01-02T01:00:00Z', 'older');
    const report = { differences: ['copy older: dev-api-primary.'], states: [fresh, behind] };
    expect(judgeStates('dev', report, now)).toMatchObject({
      outcome: 'fail',
      found: 'copy older: dev-api-primary.; the oldest change that is not copied is of 120 min ago',
    });
    expect(judgeStates('dev', { differences: [], states: [] }, now).outcome).toBe('skipped');
  });
});

describe('the last drill', () => {
  const now = Date.parse('2026-04-01T12:00:00Z');
  const drill = (at: string, changes: Partial<Parameters<typeof judgeDrills>[1][number]> = {}) => ({
    ...{ at, stage: 'dev', scenario: 'lose-region' as const, passed: true, missed: false },
    ...changes,
  });

  it('is a quarter old at most, of each scenario the last one counts, and those of other stages do not', () => {
    const old = drill('2026-01-01T00:00:00Z', { scenario: 'flap', passed: false });
    const again = drill('2026-03-29T00:00:00Z', { scenario: 'flap' });
    const other = drill('2026-04-01T00:00:00Z', { stage: 'prod', passed: false });
    expect(judgeDrills('dev', [old, drill('2026-01-02T00:00:00Z'), again, other], now)).toEqual({
      outcome: 'ok',
      found: 'the last one 3 days ago, of 2 scenarios',
    });
    expect(judgeDrills('dev', [drill('2025-12-29T00:00:00Z')], now)).toMatchObject({ outcome: 'warn' });
    expect(judgeDrills('dev', [other], now)).toMatchObject({ outcome: 'skipped' });
  });

  it('fails where one was not passed, and warns where objectives were missed', () => {
    const today = '2026-04-01T00:00:00Z';
    expect(judgeDrills('dev', [drill(today, { passed: false })], now)).toMatchObject({
      outcome: 'fail',
      found: 'the last one today, of one scenario; not passed: lose-region',
    });
    expect(judgeDrills('dev', [drill(today, { missed: true })], now)).toMatchObject({
      outcome: 'warn',
      found: expect.stringMatching(/objectives missed: lose-region$/),
    });
  });
});

describe('stages that share an account', () => {
  const inAccounts = (accounts: Readonly<Record<string, string>>) =>
    checkSharedAccount(context, async (stage) => ({
      identity: () => {
        const account = accounts[stage];
        if (account === undefined) throw new Error('no credentials');
        return { account, arn: '' };
      },
    }));

  it('are named, as a load on one takes from the other; whose account is not known is skipped', async () => {
    expect(await inAccounts({ dev: '1', prod: '1' })).toMatchObject({
      outcome: 'warn',
      found: expect.stringMatching(/^prod shares account 1: /),
    });
    expect(await inAccounts({ dev: '1', prod: '2' })).toEqual({
      outcome: 'ok',
      found: 'account 1 is that of dev alone',
    });
    expect(await inAccounts({ dev: '1' })).toMatchObject({
      outcome: 'skipped',
      found: expect.stringContaining('prod'),
    });
  });
});
