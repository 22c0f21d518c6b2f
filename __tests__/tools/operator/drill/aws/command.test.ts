import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsDrillRecords } from '#operator/drill/aws/drill-records.ts';
import { openAwsDrillPlace } from '#operator/drill/aws/open-place.ts';
import { drillReportSchema } from '#operator/drill/report/report-schema.ts';
import { type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { type FakedAccount, startAccount } from './faked-account.ts';

/** A minute takes a second. */
const { FACTOR, asked, sources } = vi.hoisted(() => ({
  FACTOR: 60,
  asked: [] as string[],
  sources: { live: undefined as unknown },
}));
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  const setTimeout: typeof real.setTimeout = (milliseconds = 0, ...rest) =>
    real.setTimeout(milliseconds / FACTOR, ...rest);
  return { ...real, default: { ...real, setTimeout }, setTimeout };
});
vi.mock('#operator/live/open-live.ts', () => ({ awsLiveSources: () => sources.live }));
vi.mock('#client/fresh-connections.ts', () => ({
  freshConnections: (): typeof fetch => (input, init) => fetch(input, init),
}));
vi.mock('#operator/cli/prompt.ts', async (original) => ({
  ...(await original<typeof import('#operator/cli/prompt.ts')>()),
  askAtTerminal: async ({ message, problem }: { message: string; problem: (answer: string) => string | undefined }) => {
    asked.push(message);
    expect(problem('yes')).toBeDefined();
    expect(problem(context.stage)).toBeUndefined();
    return context.stage;
  },
}));

// Test files share a process: this one loads anew what was loaded without the replacements, and leaves none behind.
beforeAll(() => {
  vi.resetModules();
});
afterAll(() => {
  vi.doUnmock('node:timers/promises');
  vi.doUnmock('#operator/live/open-live.ts');
  vi.doUnmock('#client/fresh-connections.ts');
  vi.doUnmock('#operator/cli/prompt.ts');
  vi.resetModules();
});

const RELEASED: FakedRegion = { target: 'envA', versions: { envA: '3' } };
let account: FakedAccount;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'));
  account = await startAccount();
  sources.live = fakedLive({ primary: RELEASED, secondary: RELEASED });
  const begun = Date.now();
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => begun + (now() - begun) * FACTOR);
});
afterEach(async () => {
  vi.restoreAllMocks();
  asked.length = 0;
  await account.close();
  await rm(folder, { recursive: true });
});

const drill = (...flags: readonly string[]) => runHere(['drill', 'dev', '--load', '40', '--report', folder, ...flags]);
const left = () => awsDrillRecords(context).read();
const reported = async () => drillReportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));

describe('two-region drill of a stage on AWS, from its command line (B4)', () => {
  it('leads traffic away and back, and reports it', async () => {
    const { code, stdout, stderr } = await drill('--yes');
    expect([stdout, stderr, code]).toEqual([expect.stringContaining('passed: route-away'), expect.anything(), 0]);
    expect(await account.says('secondary')).toBe('home');
    expect(await left()).toBeUndefined();
    const { place, scenarios } = await reported();
    expect([place, scenarios[0]?.scenario]).toEqual(['aws', 'route-away']);
  });

  it('takes a table from a function and gives it back; the name of the stage is typed before', async () => {
    const terminal = Object.getOwnPropertyDescriptor(process.stdin, 'isTTY');
    Object.defineProperty(process.stdin, 'isTTY', { value: true, configurable: true });
    const inTime = whenBroken(() => account.alarms.push({ ...SICK, StateTransitionedTimestamp: new Date(Date.now()) }));
    const { code, stdout } = await drill('--scenario', 'lose-table', '--for', '60s', '--json').finally(() => {
      if (terminal) Object.defineProperty(process.stdin, 'isTTY', terminal);
      else Reflect.deleteProperty(process.stdin, 'isTTY');
    });
    await inTime;
    expect(asked).toEqual([expect.stringMatching(/may not use the table .*It ends by itself at .* Type dev to go on/)]);
    const { passed, scenarios } = drillReportSchema.parse(JSON.parse(stdout));
    expect(scenarios[0]?.conditions.filter((each) => !each.passed)).toEqual([]);
    expect([code, passed]).toEqual([0, true]);
    expect([account.policies.size, await left()]).toEqual([0, undefined]);
  });

  it.each([['route-away'], ['lose-table']])('takes %s back after Ctrl-C, and ends with 1', async (scenario) => {
    const interrupted = whenBroken(() => process.emit('SIGINT'));
    const { code, stderr } = await drill('--yes', '--scenario', scenario);
    await interrupted;
    expect(stderr).toContain('Interrupted: what was broken is taken back first');
    expect(stderr).not.toContain('both regions respond again');
    expect([code, account.policies.size, await account.says('secondary')]).toEqual([1, 0, 'home']);
    expect(await left()).toBeUndefined();
  });

  it('takes back what may have been broken where breaking it came to an error', async () => {
    account.inflictFailure = new Error('the connection was lost');
    const { code, stderr } = await drill('--yes', '--scenario', 'lose-table');
    expect([code, stderr]).toEqual([1, expect.stringContaining('the connection was lost')]);
    expect([account.policies.size, await left()]).toEqual([0, undefined]);
  });

  it('asks nobody any more, and breaks nothing, where Ctrl-C comes while it looks', async () => {
    const look = sources.live as ReturnType<typeof fakedLive>;
    sources.live = {
      ...look,
      health: {
        ...look.health,
        endpointChecks: () => {
          process.emit('SIGINT');
          return look.health.endpointChecks();
        },
      },
    };
    const { code, stderr } = await drill('--scenario', 'lose-table');
    expect(stderr).toContain('Interrupted: nothing was changed.');
    expect(code).toBe(1);
    expect([account.policies.size, asked.length]).toEqual([0, 0]);
  });

  it('leaves written down what could not be taken back, refuses another drill, and --restore takes it back', async () => {
    account.restoreFailure = new Error('IAM does not answer');
    const failed = await drill('--yes', '--scenario', 'lose-table', '--for', '60s', '--json');
    expect(JSON.parse(failed.stdout).error).toMatchObject({
      message: expect.stringMatching(/IAM does not answer.*two-region drill dev --restore/),
      exitCode: 1,
    });
    expect(account.policies.size).toBe(1);
    const again = await drill('--yes');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('A drill of dev is not over: lose-table')]);
    account.restoreFailure = undefined;
    const restored = await runHere(['drill', 'dev', '--restore']);
    expect([restored.code, restored.stdout]).toEqual([0, expect.stringMatching(/lose-table .* is taken back/)]);
    expect([account.policies.size, await left()]).toEqual([0, undefined]);
    expect((await runHere(['drill', 'dev', '--restore'])).stdout).toContain('No drill of dev has left anything');
  });

  it('takes back by --restore what a drill that was killed left of its route', async () => {
    await account.leave();
    await awsDrillRecords(context).write({
      scenario: 'route-away',
      region: 'primary',
      who: 'ada@host',
      begun: '2030-01-01T00:00:00Z',
      until: '2030-01-01T00:10:00Z',
    });
    const { code } = await runHere(['drill', 'dev', '--restore', '--json']);
    expect([code, await account.says('secondary'), await left()]).toEqual([0, 'home', undefined]);
  });

  it('takes what could not be asked for no good answer', async () => {
    account.alarmFailure = new Error('CloudWatch does not answer');
    account.failingIn = context.settings.secondaryRegion;
    const alarms = await drill('--yes');
    expect([alarms.code, alarms.stderr]).toEqual([2, expect.stringMatching(/alarms of eu-west-1 could not be asked/)]);
    account.alarmFailure = undefined;
    const live = fakedLive({ primary: RELEASED, secondary: RELEASED });
    sources.live = { ...live, health: { ...live.health, endpointChecks: () => Promise.reject(new Error('no')) } };
    const checks = await drill('--yes');
    expect([checks.code, checks.stderr]).toEqual([
      2,
      expect.stringMatching(/health checks of the primary region could not be asked/),
    ]);
  });

  it('looks up at once where its traffic goes, at the public names and in both regions', async () => {
    await openAwsDrillPlace(context, 'run');
    expect(account.mostAskedAtOnce).toBeGreaterThan(5);
  });

  it('refuses where the regions refuse what a drill reads back', async () => {
    const settings = { ...context.settings, edge: { ...context.settings.edge, bypass: 'closed' as const } };
    await expect(openAwsDrillPlace({ ...context, settings }, 'run')).rejects.toThrow(
      /EDGE_BYPASS="closed".*Nothing was done/,
    );
  });

  it.each([
    [['--local', '--restore'], /--restore/],
    [['--local', '--for', '5m'], /--for/],
    [['--seeds', '5'], /--simulate/],
    [['--restore', '--scenario', 'lose-table'], /--scenario/],
  ])('refuses %s instead of doing something else', async (flags, problem) => {
    const { code, stderr } = await runHere(['drill', 'dev', ...flags]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(problem)]);
    expect(stderr).not.toContain('No local runtime');
  });
});

const SICK = { AlarmName: 'two-region-api-dev-envA-sick', StateValue: 'ALARM' as const };

/** @param work - done some moments after the stage was broken */
async function whenBroken(work: () => void): Promise<void> {
  const isBroken = async () => account.policies.size > 0 || (await account.says('secondary')) === 'away';
  await vi.waitFor(async () => expect(await isBroken()).toBe(true), { timeout: 60_000, interval: 20 });
  work();
}
