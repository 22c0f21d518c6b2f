import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

const bin = new URL('../../../tools/operator/two-region.mjs', import.meta.url).pathname;

let stage: RunningStage;
const seen: string[] = [];
beforeAll(async () => {
  stage = await startStage({ timeScale: 50, settings: { FAILBACK: 'manual' }, terraform: patientFunctions });
  stage.log.subscribe((event) => {
    if (event.kind === 'function' && event.logGroup.endsWith('-route-latch')) seen.push(event.line);
    if (event.kind === 'alarm') seen.push(`${event.name} ${event.state}`);
  });
}, 600_000);
afterAll(() => stage?.close());

vi.setConfig({ testTimeout: 600_000 });
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 240_000 });
const saw = (text: string) => until(() => seen.some((line) => line.includes(text)));
const leadsTo = () => stage.controls.status().entries.map(({ region }) => region);

/** Runs a command in the folder of the runtime. */
async function twoRegion(...args: string[]) {
  const all = [bin, ...args, 'dev', 'primary', '--local', '--yes', '--json'];
  const child = spawn(process.execPath, all, { cwd: stage.directory, stdio: ['ignore', 'pipe', 'inherit'] });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, ...JSON.parse(stdout) };
}

describe('FAILBACK="manual" on this machine (B24)', () => {
  it('a schedule holds traffic where a failover has brought it, until route-back', async () => {
    stage.controls.fail('primary');
    await saw('"outcome":"now held"');
    await saw('two-region-api-dev-route-latch ALARM');
    const again = await twoRegion('route-away', '--latch');
    expect(again).toMatchObject({ code: 0, outcome: 'already', route: { by: 'latch' } });
    stage.controls.recover('primary');
    await until(() => stage.controls.status().regions.primary.healthChecks.every(({ status }) => status === 'healthy'));
    // Longer than DNS keeps an answer.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(leadsTo()).toEqual(['secondary', 'secondary']);
    expect(await twoRegion('route-back')).toMatchObject({ code: 0, route: { route: 'home' } });
    await until(() => leadsTo().includes('primary'));
  });
});
