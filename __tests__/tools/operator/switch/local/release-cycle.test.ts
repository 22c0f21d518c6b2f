import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localTarget } from '#operator/call/local-target.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { readLocalFacts } from '#operator/parity/local/local-facts.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { openLocalSwitchPlace } from '#operator/switch/local/local-switch-place.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchReport, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';

import type { RawRequest } from '#tests/support/hostile/raw-client.ts';
import { type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { type Client, Traffic } from './traffic.ts';

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({ settings: { THROTTLE_RATE_LIMIT: '100000', THROTTLE_BURST_LIMIT: '50000' } });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
}, 600_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage?.close();
});

const COMMAND = new URL('../../../../../tools/operator/two-region.mjs', import.meta.url).pathname;

const hooks: SwitchHooks = { owner: thisCommand(), confirm: async () => undefined };

/** As `two-region switch dev --local --yes` does it. */
async function change(request: SwitchRequest, changes: Partial<SwitchHooks> = {}) {
  const place = await openLocalSwitchPlace('dev');
  return switchStage(place, request, { ...hooks, ...changes });
}

/** Under full load the deep health check of the preflight may take too long; then nothing was changed, and it is tried again. */
async function patiently(work: () => Promise<SwitchReport>): Promise<SwitchReport> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('responded 503'))) throw error;
    }
  }
}

const portOf = (url: string | undefined) => Number(new URL(url ?? '').port);

/** Clients of the public names, and of the region that DNS does not lead to. */
function clients(): Client[] {
  const { entry, httpEntry, apiKey, name, regions } = stage.summary;
  const empty = Buffer.alloc(0);
  const health = (host: string): RawRequest => ({
    method: 'GET',
    target: '/healthcheck?shallow',
    headers: [['host', host]],
    body: empty,
  });
  const replace: RawRequest = {
    method: 'POST',
    target: '/string/replace',
    headers: [
      ['host', 'localhost'],
      ['x-api-key', apiKey],
      ['content-type', 'application/json'],
    ],
    body: Buffer.from('{"content":"one two"}'),
  };
  const preflight: RawRequest = {
    method: 'OPTIONS',
    target: '/events',
    headers: [
      ['host', 'localhost'],
      ['origin', 'https://app.example.com'],
      ['access-control-request-method', 'POST'],
    ],
    body: empty,
  };
  const times = (count: number, client: Client) => Array.from({ length: count }, () => client);
  return [
    ...times(4, { port: portOf(entry), request: health('localhost'), tellsEnvironment: true }),
    ...times(2, { port: portOf(regions.secondary.url), request: health(name), tellsEnvironment: true }),
    ...times(1, { port: portOf(entry), request: replace, tellsEnvironment: false }),
    ...times(5, { port: portOf(httpEntry), request: preflight, tellsEnvironment: false }),
  ];
}

const SWITCHES = 10;
const REQUESTS = 30_000;
/** After each switch, at least. */
const SETTLED_REQUESTS = 500;
const targets = () => [...new Set(Object.values(stage.controls.regions().targets))];

describe.sequential('B3, S0.12: the release cycle of the local runtime', () => {
  it('answers every one of 30,000 requests during ten switches, after each by the new environment only', async () => {
    const traffic = new Traffic(clients(), 'envA');
    for (let number = 1; number <= SWITCHES; number++) {
      await traffic.reach((REQUESTS / SWITCHES) * (number - 1) + SETTLED_REQUESTS);
      const [from, to] = number % 2 === 1 ? ['envA', 'envB'] : ['envB', 'envA'];
      traffic.switchBegins();
      const report = await patiently(() => change({ kind: number % 5 === 0 ? 'rollback' : 'switch' }));
      expect(report).toMatchObject({ from, to, outcome: 'done' });
      traffic.switchEnded(to);
      await traffic.reach(traffic.answered + SETTLED_REQUESTS);
      expect(traffic.seen.get(to)).toBeGreaterThan(0);
    }
    await traffic.reach(REQUESTS);
    await traffic.stop();
    expect(traffic.failures).toEqual([]);
    expect(traffic.answered).toBeGreaterThanOrEqual(REQUESTS);
    expect(targets()).toEqual(['envA']);
  }, 600_000);

  it('S0.15: shows the target, and calls go where it leads', async () => {
    await change({ kind: 'switch', environment: 'envB' });
    const { context, control } = await runningStage('dev');
    expect(await readLocalStatus(context, control)).toMatchObject({
      target: 'envB',
      idle: ['envA'],
      regions: ['primary', 'secondary'].map((regionType) => ({
        regionType,
        targets: { rest: 'envB', http: 'envB' },
        health: { rest: { status: 'healthy' }, http: { status: 'healthy' } },
      })),
      disagreements: [],
    });
    const { baseUrl, apiKey = '' } = await localTarget({ api: 'rest' }, { region: 'secondary' });
    const answer = await fetch(`${baseUrl}/test`, { headers: { 'x-api-key': apiKey } });
    expect(await answer.json()).toMatchObject({ env: 'envB', regionType: 'secondary' });
  });

  it('S0.14: goes back to the previous environment, and refuses one that there is not', async () => {
    expect(await change({ kind: 'rollback' })).toMatchObject({ from: 'envB', to: 'envA', outcome: 'done' });
    await expect(change({ kind: 'switch', environment: 'preview' })).rejects.toThrow('allowed are envA, envB');
    expect(targets()).toEqual(['envA']);
  });

  it('excludes a second switch while one is under way', async () => {
    const confirm = () => expect(change({ kind: 'switch' })).rejects.toThrow('its lock expires at');
    expect(await change({ kind: 'switch' }, { confirm })).toMatchObject({ to: 'envB', outcome: 'done' });
    expect(targets()).toEqual(['envB']);
  });

  it('is a mix of both while it propagates, as on AWS (S0.12)', async () => {
    const environment = async () => {
      const response = await fetch(`${stage.summary.entry}/healthcheck?shallow=true`);
      return Object(await response.json()).env;
    };
    const propagation = 2000;
    const ends = performance.now() + propagation;
    const { control } = await runningStage('dev');
    await control.moveTarget('entry-primary', 'envA', propagation);
    const seen = new Set();
    while (seen.size < 2 && performance.now() < ends) seen.add(await environment());
    expect([...seen].sort()).toEqual(['envA', 'envB']);
    await vi.waitUntil(() => performance.now() > ends + 100, 60_000);
    // One after the other: of as many at once some get 500, as `healthcheck` keeps ten executions and no more.
    const after: unknown[] = [];
    for (let asked = 0; asked < 20; asked++) after.push(await environment());
    expect(after).toEqual(Array(20).fill('envA'));
    await control.moveTarget('entry-primary', 'envB');
  });

  it('B28: goes region after region, and says so until another command ends it', { timeout: 600_000 }, async () => {
    const { context, control } = await runningStage('dev');
    const { health } = (await openLocalSwitchPlace('dev')).ports;
    // Two minutes, looked at twice a second.
    const place = { ...(await openLocalSwitchPlace('dev')), timeScale: 20 };
    const begun: SwitchRequest = { kind: 'switch', environment: 'envA', staggerSeconds: 2400 };
    const watching = patiently(() => switchStage(place, begun, hooks));
    const status = await vi.waitFor(async () => {
      const read = await readLocalStatus(context, control);
      expect(read.stagger).toMatchObject({ regionType: 'secondary', from: 'envB', to: 'envA' });
      return read;
    }, 60_000);
    expect(status).toMatchObject({
      target: undefined,
      disagreements: [expect.stringContaining('dev is staggered until')],
    });
    const now = new Date().toISOString();
    expect(await Promise.all([health('secondary', 'envA', now), health('primary', 'envB', now)])).toEqual([
      undefined,
      undefined,
    ]);
    const [primary, secondary] = await readLocalFacts(context, control);
    expect(compareRegions(primary, secondary, status.stagger).differences).toEqual([]);
    expect(compareRegions(primary, secondary).differences).toMatchObject([{ kind: 'target' }, { kind: 'target' }]);
    expect(await change({ kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(await watching).toMatchObject({ outcome: 'reverted' });
    expect(targets()).toEqual(['envB']);
  });

  it('B28: moves the other region when the time of a stagger is over, and the region that went first was well', async () => {
    const begun: SwitchRequest = { kind: 'switch', environment: 'envA', staggerSeconds: 0.5 };
    expect(await patiently(() => change(begun))).toMatchObject({ outcome: 'done' });
    expect(targets()).toEqual(['envA']);
    expect(await change({ kind: 'rollback' })).toMatchObject({ to: 'envB', outcome: 'done' });
  });

  describe.sequential('as a process of its own', { timeout: 600_000 }, () => {
    /** Runs `two-region switch dev --local`; what it says on stderr comes line by line. */
    const start = (...args: string[]) => {
      const child = spawn(process.execPath, [COMMAND, 'switch', 'dev', '--local', '--yes', ...args], {
        cwd: stage.directory,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
      const says = async (text: string) => {
        for await (const line of createInterface({ input: child.stderr })) if (line.includes(text)) return;
        throw new Error(`The command ended without ${text}`);
      };
      return { child, ended, says };
    };
    const lastSwitch = async () => (await (await openLocalSwitchPlace('dev')).journal.read()).switches.at(-1);

    it('goes on to its end when nobody reads what it says any more (EPIPE)', async () => {
      const { child, ended, says } = start('envA');
      await says('move entry-secondary');
      child.stderr.destroy();
      child.stdout.destroy();
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(await lastSwitch()).toMatchObject({ outcome: 'done', to: 'envA' });
      expect(targets()).toEqual(['envA']);
    });

    it('puts back what it moved when its terminal is closed (SIGHUP), before and while a region is watched', async () => {
      for (const [point, ...args] of [
        ['verify that envB answers in the secondary'],
        ['is watched', '--stagger', '60s'],
      ]) {
        const { child, ended, says } = start('envB', ...args);
        await says(point ?? '');
        child.kill('SIGHUP');
        expect(await ended).toEqual({ code: 1, signal: null });
        expect(await lastSwitch()).toMatchObject({ outcome: 'reverted', cause: 'Interrupted.' });
        expect(targets()).toEqual(['envA']);
      }
    });
  });

  it('puts back what it can when a region fails during a switch, and the rest once it has recovered', {
    timeout: 600_000,
  }, async () => {
    const onStep: SwitchHooks['onStep'] = ({ action, subject }, outcome) => {
      if (action === 'move' && subject === 'entry-primary' && outcome === 'begun') stage.controls.fail('primary');
    };
    const report = await change({ kind: 'switch' }, { onStep });
    expect(report).toMatchObject({ to: 'envB', outcome: 'stuck', problem: expect.stringContaining('recover primary') });
    expect(targets()).toEqual(['envA']);
    await expect(change({ kind: 'switch' })).rejects.toThrow('--revert');
    stage.controls.recover('primary');
    expect(await change({ kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(targets()).toEqual(['envA']);
  });
});
