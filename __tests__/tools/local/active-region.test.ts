import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

let stage: RunningStage;
const latched: string[] = [];
beforeAll(async () => {
  const settings = { ACTIVE_REGION: 'secondary', FAILBACK: 'manual' };
  stage = await startStage({ timeScale: 50, settings, terraform: patientFunctions });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
  stage.log.subscribe((event) => {
    if (event.kind === 'function' && event.logGroup.endsWith('-route-latch'))
      latched.push(`${event.region} ${event.line}`);
  });
}, 600_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage?.close();
});

vi.setConfig({ testTimeout: 600_000 });
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 60_000 });
const status = () => stage.controls.status();
const lead = (region: string) => status().entries.every((entry) => entry.region === region);

async function here(...args: string[]) {
  const { code, stdout } = await runHere([...args, '--local', '--json']);
  return { code, document: JSON.parse(stdout) };
}

async function servedBy(): Promise<string> {
  const response = await fetch(`${stage.summary.entry}/healthcheck?shallow`, { headers: { connection: 'close' } });
  return z.object({ region: z.string() }).parse(await response.json()).region;
}

describe('ACTIVE_REGION="secondary" on this machine (S4.2)', () => {
  it('names lead to the secondary region, and a failover of it is held in the primary one until route-back', async () => {
    expect(status()).toMatchObject({ active: 'secondary' });
    expect(await servedBy()).toBe('eu-west-1');
    stage.controls.fail('primary');
    await until(() => status().regions.primary.healthChecks.every((check) => check.status === 'unhealthy'));
    expect(lead('secondary')).toBe(true);
    stage.controls.recover('primary');
    await until(() => status().regions.primary.healthChecks.every((check) => check.status === 'healthy'));

    stage.controls.fail('secondary');
    await until(() => lead('primary'));
    expect(await servedBy()).toBe('eu-central-1');
    await until(() => latched.some((line) => line.startsWith('primary') && line.includes('"outcome":"now held"')));
    stage.controls.recover('secondary');
    await until(() => status().regions.secondary.healthChecks.every((check) => check.status === 'healthy'));
    const refused = await here('route-away', 'dev', 'primary', '--yes', '--latch');
    expect(refused).toMatchObject({
      code: 2,
      document: { error: { message: expect.stringContaining('for the secondary') } },
    });
    expect(await here('route-back', 'dev', 'secondary', '--yes')).toMatchObject({
      code: 0,
      document: { route: { route: 'home' } },
    });
    await until(() => lead('secondary'));
  });

  it('route-away leaves the active region, and a drill says that it is of others', async () => {
    const away = await here('route-away', 'dev', 'secondary', '--yes');
    expect(away).toMatchObject({ code: 0, document: { writtenIn: 'eu-central-1', moved: { to: 'primary' } } });
    expect((await here('route-back', 'dev', 'secondary', '--yes')).code).toBe(0);
    const drill = await here('drill', '--scenario', 'lose-region');
    expect(drill.document.error.message).toContain('The secondary region is the active one (ACTIVE_REGION)');
  });
});
