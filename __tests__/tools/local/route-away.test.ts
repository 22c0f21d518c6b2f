import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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
