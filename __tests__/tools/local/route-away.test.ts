import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally } from '#operator/deploy/deploy-locally.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { oweRelease } from '#operator/regions/catch-up.ts';
import { releaseLocally } from '#operator/return/release-locally.ts';
import { localReturnPlace } from '#operator/return/return-places.ts';
import { returnRegion } from '#operator/return/return-region.ts';
import type { RegionType } from '#stacks/context.ts';
import { changedSynthesis } from '#tests/tools/operator/deploy/changed-synthesis.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { clientsOfBothApis } from './support/clients-of-both-apis.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

const bin = new URL('../../../tools/operator/two-region.mjs', import.meta.url).pathname;

let stage: RunningStage;
let started: Synthesis;
beforeAll(async () => {
  const onSynthesis = (synthesis: Synthesis) => {
    started = synthesis;
  };
  stage = await startStage({ timeScale: 50, terraform: patientFunctions, onSynthesis });
}, 600_000);
afterAll(() => stage?.close());

const patience = { timeout: 240_000 };
vi.setConfig({ testTimeout: 600_000 });

/** Runs a command in the folder of the runtime. */
async function twoRegion(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: stage.directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stderr, document: JSON.parse(stdout) };
}

/** The same in this process, which is faster. */
async function here(...args: string[]) {
  const { code, stdout, stderr } = await runHere(args);
  return { code, stderr, document: JSON.parse(stdout) };
}

/** A deep check that a busy machine did not answer in time is asked again. */
async function patiently(...args: string[]) {
  for (;;) {
    const ended = await here(...args);
    if (!JSON.stringify(ended.document).includes('responded 503')) return ended;
  }
}

const leadsTo = () => stage.controls.status().entries.map(({ region }) => region);
const flags = ['--local', '--yes', '--json'];

describe('route-away on this machine (S4.2, B6)', () => {
  it('moves both names by one object in the other region, and back', async () => {
    const away = await twoRegion('route-away', 'dev', 'primary', ...flags);
    expect(away).toMatchObject({
      code: 0,
      document: { writtenIn: 'eu-west-1', outcome: 'moved', moved: { to: 'secondary' } },
    });
    await vi.waitUntil(() => leadsTo().every((region) => region === 'secondary'), patience);
    // The primary itself is as healthy as before: what keeps traffic away is what the other region says.
    expect(stage.controls.status().regions.primary.healthChecks.every(({ status }) => status === 'healthy')).toBe(true);
    const opposite = await twoRegion('route-away', 'dev', 'secondary', ...flags);
    expect(opposite).toMatchObject({ code: 2, document: { error: { name: 'RefusedError' } } });
    const back = await twoRegion('route-back', 'dev', 'primary', ...flags);
    expect(back).toMatchObject({ code: 0, document: { route: { route: 'home' }, moved: { to: 'primary' } } });
  });

  it('moves nothing when the region that says it dies: its word counts as long as it can be read', async () => {
    expect((await twoRegion('route-away', 'dev', 'primary', ...flags)).code).toBe(0);
    stage.controls.fail('secondary');
    await vi.waitUntil(() => leadsTo().every((region) => region === 'primary'), patience);
    stage.controls.recover('secondary');
    await vi.waitUntil(() => leadsTo().every((region) => region === 'secondary'), patience);
    expect((await twoRegion('route-back', 'dev', 'primary', ...flags)).code).toBe(0);
  });
});

describe('route-away --drain on this machine (S4.2)', () => {
  beforeAll(() => void vi.spyOn(process, 'cwd').mockReturnValue(stage.directory));
  afterAll(() => void vi.restoreAllMocks());

  it('under load loses no write that was acknowledged, and shows none of them late', async () => {
    stage.controls.setReplicationLag(200);
    const at = (id: string) => `${stage.summary.entry}/user/${id}`;
    const acknowledged: string[] = [];
    let read = '';
    const statuses = { writes: new Set<number>(), reads: new Set<number>() };
    let ended = false;
    const writer = async () => {
      for (let count = 0; !ended; count++) {
        const id = `Drain${String(count).padStart(5, '0')}`;
        const headers = { 'content-type': 'application/json', connection: 'close' };
        const began = Date.now();
        const { status } = await fetch(at(id), { method: 'POST', headers, body: '{"name":"Ada"}' });
        statuses.writes.add(status);
        if (status !== 200) await sleep(50);
        else acknowledged.push(id);
        // What a busy machine works on for longer than a gateway waits at this time scale would have had no response on AWS.
        if (status === 200 && Date.now() - began < 1000) read = id;
      }
    };
    const reader = async () => {
      while (!ended) {
        if (read !== '') statuses.reads.add((await fetch(at(read), { headers: { connection: 'close' } })).status);
        await sleep(10);
      }
    };
    const load = Promise.all([writer(), reader()]);
    await vi.waitUntil(() => acknowledged.length > 5 && read !== '', patience);
    const { code, document } = await here('route-away', 'dev', 'primary', '--drain', ...flags);
    const before = acknowledged.length;
    await vi.waitUntil(() => acknowledged.length > before + 5, patience);
    ended = true;
    await load;
    expect(code).toBe(0);
    expect(document).toMatchObject({ outcome: 'moved', drained: { latency: 200, waited: 2000 } });
    expect(statuses).toEqual({ writes: new Set([200, 429]), reads: new Set([200]) });
    stage.controls.setReplicationLag(0);
    expect((await here('route-back', 'dev', 'primary', ...flags)).code).toBe(0);
    await vi.waitUntil(async () => (await fetch(at(acknowledged.at(-1) ?? ''))).status === 200, patience);
    const kept = new Set<number>();
    for (const id of acknowledged) kept.add((await fetch(at(id))).status);
    expect(kept).toEqual(new Set([200]));
  });
});

describe('writes that a killed drain left held (S4.2)', () => {
  it('are told by status, with the command that lets them again', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
    const told = async () => (await here('status', 'dev', '--local', '--json')).document.disagreements.join();
    stage.controls.hold('primary', ['envA POST /user/{id}', 'envA POST /events', 'envB POST /events']);
    expect(await told()).toMatch(
      /held in eu-central-1: 2 routes of envA, 1 routes of envB respond.+route-away dev primary --drain --local/,
    );
    stage.controls.hold('primary', []);
    expect(await told()).not.toContain('held');
    vi.restoreAllMocks();
  });
});

describe('a region whose packets are dropped', () => {
  it('does not keep status waiting for ever', async () => {
    stage.controls.fail('primary', { part: 'region', mode: { kind: 'drop' } });
    const { code, document } = await twoRegion('status', 'dev', '--local', '--json');
    stage.controls.recover('primary');
    expect(code).toBe(0);
    expect(document.regions).toMatchObject([{ problem: expect.stringContaining('made to fail') }, { targets: {} }]);
    await vi.waitUntil(() => leadsTo().every((region) => region === 'primary'), patience);
  });
});

describe('the primary region gone, on this machine (B16)', () => {
  beforeAll(() => void vi.spyOn(process, 'cwd').mockReturnValue(stage.directory));
  afterAll(() => void vi.restoreAllMocks());

  /** What is released while the region is gone, from whatever folder. */
  const release = (says: string) => ({
    checkTypes: async () => undefined,
    synthesize: changedSynthesis(started, { says }),
    onPhase: () => undefined,
  });
  const released = async (region: RegionType) => {
    const url = stage.summary.regions[region].environments.envB;
    return Object(await (await fetch(`${url}/healthcheck?shallow`)).json()).check;
  };

  it('is worked without, and brought level before its traffic comes back: nothing that was acknowledged is lost', async () => {
    const { context, control } = await runningStage('dev');
    const clients = clientsOfBothApis(stage);
    stage.controls.setReplicationLag(100);
    const alone = [...flags, '--without', 'primary'];
    expect((await patiently('switch', 'dev', ...flags)).document).toMatchObject({ outcome: 'done', to: 'envB' });
    await clients.write(5, patience);
    stage.controls.fail('primary');
    const refused = await here('rollback', 'dev', ...flags);
    const named = { error: { message: expect.stringContaining('--without primary') } };
    expect(refused).toMatchObject({ code: 1, document: named });
    const first = { error: { message: expect.stringContaining('route-away dev primary') } };
    const promote = ['promote', 'dev', 'healthcheck', '--no-smoke', '--local', '--json', '--without', 'primary'];
    for (const args of [['rollback', 'dev', ...alone], promote]) {
      expect(await here(...args)).toMatchObject({ code: 2, document: first });
    }
    expect((await here('route-away', 'dev', 'primary', ...flags)).code).toBe(0);
    await vi.waitUntil(() => leadsTo().every((region) => region === 'secondary'), patience);
    const back = await patiently('rollback', 'dev', ...alone);
    expect(back).toMatchObject({ code: 0, document: { outcome: 'done', to: 'envA', without: 'primary' } });
    await clients.write(5, patience);

    // A release, of which one function is pinned, and a key.
    const { catchUp } = localSwitchRecords(control);
    await deployLocally({ context, control }, { environment: 'envB', without: 'primary' }, stage.directory, {
      ...release('after the loss'),
      confirmLive: () => Promise.reject(new Error('envB is not live where the region is left.')),
      confirmLiveChange: async () => undefined,
      owe: (environment) => oweRelease(catchUp, 'primary', { environments: [environment], what: 'envB' }),
    });
    const promotion = await here(...promote);
    expect(promotion.document).toMatchObject({ environment: 'envB', stacks: [{ stack: 'envB-secondary' }] });
    const rotated = await here('keys', 'rotate', 'dev', '--reveal', ...alone);
    expect(rotated.stderr).toContain('The primary region has to catch up: its api_key is to be set, and admitted');
    const switched = await patiently('switch', 'dev', ...alone);
    expect(switched).toMatchObject({ code: 0, document: { outcome: 'done', to: 'envB', without: 'primary' } });
    expect(await released('secondary')).toBe('after the loss');
    await clients.write(5, patience);
    const { document: status } = await here('status', 'dev', '--local', '--json');
    expect(status.disagreements.join()).toContain('two-region return dev primary --local');

    const opened = await localReturnPlace({ context, control }, () => undefined);
    const hooks = { confirm: async () => undefined, confirmRoute: async () => undefined, onPhase: () => undefined };
    const comeBack = (says: string) =>
      returnRegion(
        { ...opened.place, release: releaseLocally({ context, control }, stage.directory, release(says)) },
        'primary',
        hooks,
      );
    await expect(comeBack('after the loss')).rejects.toThrow('The primary region was made to fail');
    stage.controls.recover('primary');
    // Another code than the one that was released is noticed, and keeps traffic away.
    const behind = await comeBack('something else');
    expect(behind.outcome).toBe('behind');
    expect(behind.problems.join()).toMatch(
      /If it has other code than the secondary region runs.+return dev primary --local/,
    );
    expect([leadsTo(), await released('secondary')]).toEqual([['secondary', 'secondary'], 'after the loss']);
    await clients.write(5, patience);
    const level = await vi.waitUntil(async () => {
      const report = await comeBack('after the loss');
      return JSON.stringify(report.problems).includes('responded 503') ? undefined : report;
    }, patience);
    expect(level).toMatchObject({
      outcome: 'level',
      problems: [],
      parity: { differences: [] },
      route: { outcome: 'moved' },
    });
    expect(await released('primary')).toBe('after the loss');
    const key = { headers: { 'x-api-key': rotated.document.value } };
    expect((await fetch(`${stage.summary.regions.primary.environments.envB}/test`, key)).status).toBe(200);
    expect(new Set(Object.values(stage.controls.regions().targets))).toEqual(new Set(['envB']));
    await clients.write(5, patience);
    const { acknowledged, lost } = await clients.end();
    expect(lost).toEqual([]);
    expect(acknowledged.users).toBeGreaterThan(20);
    expect(acknowledged.events).toBeGreaterThan(20);
    // The region watch needs some looks to find the region well again.
    const told = async () => (await here('status', 'dev', '--local', '--json')).document.disagreements;
    await vi
      .waitUntil(async () => (await told()).length === 0, patience)
      .catch(async () => expect(await told()).toEqual([]));
  });
});
