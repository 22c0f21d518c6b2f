import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });
/** A TTL of 60 s is over after this many milliseconds of the runtime's time. */
const TIME_SCALE = 50;
const TTL = 60_000 / TIME_SCALE;

let stage: RunningStage;
const start = async (settings: Readonly<Record<string, string>>) => {
  stage = await startStage({ timeScale: TIME_SCALE, settings, terraform: patientFunctions });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
};
const close = async () => {
  vi.restoreAllMocks();
  await stage?.close();
};
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 60_000 });
const status = () => stage.controls.status();
const isWell = (region: 'primary' | 'secondary', wanted: string) =>
  status().regions[region].healthChecks.every((check) => check.status === wanted);
const recovered = async () => {
  for (const region of ['primary', 'secondary'] as const) stage.controls.recover(region);
  await until(() => isWell('primary', 'healthy') && isWell('secondary', 'healthy'));
};

/** The AWS region that a client is served by on a new connection. */
async function servedBy(place?: string): Promise<string> {
  const headers = { connection: 'close', ...(place !== undefined && { 'x-two-region-place': place }) };
  const response = await fetch(`${stage.summary.entry}/healthcheck?shallow`, { headers });
  return z.object({ region: z.string() }).parse(await response.json()).region;
}

/** Those that served a client in so many TTLs. */
async function servedFor(ttls: number, place?: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const end = Date.now() + ttls * TTL; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    found.add(await servedBy(place));
  }
  return [...found];
}

async function here(...args: string[]) {
  const { code, stdout } = await runHere([...args, '--local', '--yes', '--json']);
  return { code, document: JSON.parse(stdout) };
}

describe('ROUTING_POLICY="weighted" on this machine (S4.2, S4.6)', () => {
  beforeAll(() => start({ ROUTING_POLICY: 'weighted', FAILBACK: 'automatic' }));
  afterAll(close);
  afterEach(recovered);

  it('serves from both regions, and a lost one gets nothing once its checks have turned', async () => {
    expect(status().active).toBeNull();
    const found = new Set<string>();
    await vi.waitUntil(async () => found.add(await servedBy()).size === 2, { timeout: 60_000 });
    stage.controls.fail('secondary');
    const { prediction } = status().regions.secondary.failures[0] ?? {};
    expect(prediction).toMatchObject({ noticed: true, fault: 'refused', notice: { atLeast: 20 / TIME_SCALE } });
    await until(() => isWell('secondary', 'unhealthy'));
    // What a resolver keeps ends after a TTL.
    await new Promise((resolve) => setTimeout(resolve, TTL));
    expect(await servedFor(6)).toEqual(['eu-central-1']);
  });

  it('route-away takes all traffic from one region, a latch is refused, and route-back gives it its share again', async () => {
    const away = await here('route-away', 'dev', 'primary');
    expect(away).toMatchObject({ code: 0, document: { outcome: 'moved', moved: { to: 'secondary' } } });
    expect(away.document).not.toHaveProperty('active');
    await until(() => status().entries.every(({ region }) => region === 'secondary'));
    expect(await servedFor(4)).toEqual(['eu-west-1']);
    expect((await here('route-away', 'dev', 'primary', '--latch')).document.error.message).toContain('both active');
    expect(await here('route-back', 'dev', 'primary')).toMatchObject({ code: 0, document: { outcome: 'moved' } });
  });
});

describe('ROUTING_POLICY="latency" on this machine (S4.2, S4.6)', () => {
  beforeAll(() => start({ ROUTING_POLICY: 'latency', FAILBACK: 'automatic' }));
  afterAll(close);
  afterEach(recovered);

  it('serves clients from the region that is near to them, and from the other one once that is lost', async () => {
    expect([await servedBy(), await servedBy('eu-central-1'), await servedBy('eu-west-1')]).toEqual([
      'eu-central-1',
      'eu-central-1',
      'eu-west-1',
    ]);
    stage.controls.fail('secondary');
    await until(() => isWell('secondary', 'unhealthy'));
    await new Promise((resolve) => setTimeout(resolve, TTL));
    expect(await servedFor(2, 'eu-west-1')).toEqual(['eu-central-1']);
    stage.controls.recover('secondary');
    await until(() => isWell('secondary', 'healthy'));
    await vi.waitUntil(async () => (await servedBy('eu-west-1')) === 'eu-west-1', { timeout: 60_000 });
    expect(await servedBy()).toBe('eu-central-1');
  });
});
