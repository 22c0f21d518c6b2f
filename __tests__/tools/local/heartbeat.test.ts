import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ControlClient, connectControl } from '#local/control/client.ts';
import { describeStatus } from '#operator/status/describe-status.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

const bin = new URL('../../../tools/operator/two-region.mjs', import.meta.url).pathname;

let stage: RunningStage;
let control: ControlClient;
beforeAll(async () => {
  const settings = { ALARM_HEARTBEAT_AGE_SECONDS: '120', ALARM_READINESS_HOURS: '168' };
  stage = await startStage({ timeScale: 30, settings, terraform: patientFunctions });
  control = await connectControl(stage.directory);
}, 600_000);
afterAll(() => stage?.close());

vi.setConfig({ testTimeout: 600_000 });
const until = (condition: () => Promise<boolean>) => vi.waitUntil(condition, { timeout: 240_000, interval: 500 });
/** Whether the alarms of both regions are in a state. */
const areBoth = async (state: 'ALARM' | 'OK') => {
  const { alarms } = await control.alarms();
  const own = alarms.filter(({ name }) => name === 'two-region-api-dev-heartbeat');
  return own.length === 2 && own.every((alarm) => alarm.state === state);
};
const status = () =>
  readLocalStatus({ settings: loadSettings(join(stage.directory, 'settings.conf')), stage: 'dev' }, control);

/** Runs a command in the folder of the runtime. */
async function twoRegion(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args, 'dev', '--local', '--json'], {
    cwd: stage.directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, ...JSON.parse(stdout) };
}

describe('the heartbeat on this machine (B26)', () => {
  it('each region hears the other, and while they are cut off from each other both alarms and status say so', async () => {
    await until(() => areBoth('OK'));
    await until(async () => (await status()).disagreements.length === 0);
    stage.controls.setPartitioned(true);
    await until(() => areBoth('ALARM'));
    await until(async () => (await status()).disagreements.length === 2);
    const read = await status();
    expect(read.regions.map(({ heartbeat }) => heartbeat)).toEqual([
      { of: 'eu-west-1', ageSeconds: expect.any(Number) },
      { of: 'eu-central-1', ageSeconds: expect.any(Number) },
    ]);
    expect(read.disagreements[0]).toMatch(
      /^The last heartbeat of eu-west-1 that has arrived in eu-central-1 is \d{3,} s old.+--local$/,
    );
    expect(describeStatus(read, pc.createColors(false))).toMatch(/ {2}heartbeat of eu-central-1 \d{3,} s old\n/);
    const readiness = await twoRegion('readiness');
    expect(readiness).toMatchObject({ code: 2, error: expect.anything() });
    expect(
      Object.fromEntries(
        readiness.checks.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
      ),
    ).toEqual({
      ...{ 'both regions': 'ok', parity: 'ok' },
      ...{ heartbeat: 'fail', alarms: 'fail', 'last drill': 'skipped' },
    });
    const ringing = async () =>
      (await control.alarms()).alarms.filter(({ name, state }) => name.endsWith('-readiness') && state === 'ALARM');
    // What the run came to is a metric of the secondary region, and its alarm stays until another run comes to something else.
    await until(async () => (await ringing()).length === 1);
    expect((await twoRegion('readiness', '--history')).runs).toMatchObject([
      { counts: { fail: 2, skipped: 1, ok: 2 }, findings: [{ name: 'heartbeat' }, { name: 'alarms' }] },
    ]);
    stage.controls.setPartitioned(false);
    await until(() => areBoth('OK'));
    expect((await ringing()).length).toBe(1);
    await until(async () => (await twoRegion('readiness')).code === 0);
    await until(async () => (await ringing()).length === 0);
  });
});
