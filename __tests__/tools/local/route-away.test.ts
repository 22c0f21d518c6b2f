import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

const bin = new URL('../../../tools/operator/two-region.mjs', import.meta.url).pathname;

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({ timeScale: 50, terraform: patientFunctions });
}, 600_000);
afterAll(() => stage?.close());

const patience = { timeout: 60_000 };
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

  it('is done without, and brought level before its traffic comes back: what was acknowledged meanwhile is in both regions', async () => {
    const write = async () => {
      const { entry, apiKey } = stage.summary;
      return (await fetch(`${entry}/test`, { headers: { 'x-api-key': apiKey, connection: 'close' } })).status;
    };
    expect((await patiently('switch', 'dev', ...flags)).document).toMatchObject({ outcome: 'done', to: 'envB' });
    stage.controls.fail('primary');
    const refused = await here('rollback', 'dev', ...flags);
    expect(refused).toMatchObject({
      code: 1,
      document: { error: { message: expect.stringContaining('--without primary') } },
    });
    const early = await here('rollback', 'dev', '--without', 'primary', ...flags);
    expect(early).toMatchObject({
      code: 2,
      document: { error: { message: expect.stringContaining('route-away dev primary') } },
    });
    expect((await here('route-away', 'dev', 'primary', ...flags)).code).toBe(0);
    await vi.waitUntil(() => leadsTo().every((region) => region === 'secondary'), patience);
    const alone = await patiently('rollback', 'dev', '--without', 'primary', ...flags);
    expect(alone).toMatchObject({ code: 0, document: { outcome: 'done', to: 'envA', without: 'primary' } });
    await vi.waitUntil(async () => (await write()) === 200, patience);
    const { document: status } = await here('status', 'dev', '--local', '--json');
    expect(status.disagreements.join()).toContain('two-region return dev primary --local');
    expect((await here('return', 'dev', 'primary', ...flags)).code).toBe(1);

    stage.controls.recover('primary');
    const { code, document } = await patiently('return', 'dev', 'primary', ...flags);
    expect(document).toMatchObject({
      outcome: 'level',
      problems: [],
      parity: { differences: [] },
      route: { outcome: 'moved' },
    });
    expect(document.tables).toContainEqual({ table: 'table-a', items: 1, differing: [] });
    expect(code).toBe(0);
    expect(new Set(Object.values(stage.controls.regions().targets))).toEqual(new Set(['envA']));
    const { document: after } = await here('status', 'dev', '--local', '--json');
    expect(after.disagreements).toEqual([]);
  });
});
