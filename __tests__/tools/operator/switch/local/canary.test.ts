import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally, type LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { openLocalSwitchPlace } from '#operator/switch/local/local-switch-place.ts';
import type { SwitchReport, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { changedSynthesis } from '#tests/tools/operator/deploy/changed-synthesis.ts';
import { Traffic } from './traffic.ts';

const COMMAND = new URL('../../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
const REGIONS = ['primary', 'secondary'] as const;

/** A minute of AWS's is two seconds. */
const TIME_SCALE = 30;
const CANARY: SwitchRequest = { kind: 'switch', environment: 'envB', canary: { percent: 50, bakeSeconds: 300 } };

let stage: RunningStage;
let started: Synthesis;
const keep = (synthesis: Synthesis) => {
  started = synthesis;
};
beforeAll(async () => {
  const settings = { THROTTLE_RATE_LIMIT: '100000', THROTTLE_BURST_LIMIT: '50000' };
  stage = await startStage({ settings, timeScale: TIME_SCALE, terraform: patientFunctions, onSynthesis: keep });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
}, 600_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage?.close();
});

/** Puts a version of the function `test` into envB that does something before it responds. */
async function deploy(before: string): Promise<void> {
  const synthesize: LocalDeployPorts['synthesize'] = async (options) => {
    const synthesis = await changedSynthesis(started, {})(options);
    for (const region of REGIONS) {
      const assets = join(synthesis.outdir, 'stacks', `dev-api-${region}`, 'assets');
      const files = await readdir(assets, { recursive: true });
      const path = join(assets, files.find((file) => /^test_.+index\.js$/.test(file)) ?? 'no bundle');
      const text = await readFile(path, 'utf8');
      await rm(path);
      const wrapped = `async (...given) => { ${before}; return handler(...given); }`;
      await writeFile(path, `${text}\nconst { handler } = module.exports; module.exports = { handler: ${wrapped} };`);
    }
    return synthesis;
  };
  await deployLocally(await runningStage('dev'), { environment: 'envB' }, stage.directory, {
    checkTypes: async () => undefined,
    synthesize,
    confirmLive: async () => undefined,
    confirmLiveChange: async () => undefined,
    onPhase: () => undefined,
  });
}

/** The deep check of the preflight may be late on a busy machine; then nothing was changed, and it is tried again. */
async function change(request: SwitchRequest): Promise<SwitchReport> {
  for (;;) {
    try {
      const hooks = { owner: thisCommand(), confirm: async () => undefined };
      return await switchStage(await openLocalSwitchPlace('dev'), request, hooks);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('503'))) throw error;
    }
  }
}

/** Clients of `GET /test` at the public name. */
function traffic(): Traffic {
  const { entry = '', apiKey } = stage.summary;
  const request = {
    method: 'GET',
    target: '/test',
    headers: [['host', 'localhost'] as const, ['x-api-key', apiKey] as const],
  };
  const client = {
    port: Number(new URL(entry).port),
    request: { ...request, body: Buffer.alloc(0) },
    tellsEnvironment: true,
  };
  return new Traffic(
    Array.from({ length: 6 }, () => client),
    'envA',
  );
}

const weights = () => {
  const { regions } = stage.controls.regions();
  return REGIONS.map((type) => regions[type].functions.find(({ name }) => name.endsWith('-dev-test'))?.weights);
};
const targets = () => [...new Set(Object.values(stage.controls.regions().targets))];

describe.sequential('a canary in the local runtime (B8)', { timeout: 600_000 }, () => {
  it('says that there is nothing to try while both environments run the same', async () => {
    await expect(change(CANARY)).rejects.toThrow('left no release record');
    await deploy('');
    await change({ kind: 'switch', environment: 'envB' });
    await change({ kind: 'rollback' });
    expect(targets()).toEqual(['envA']);
  });

  it('runs the new version for a share of the requests, compares, and switches, without one failed request', async () => {
    await deploy('1 + 1');
    const clients = traffic();
    clients.switchBegins();
    let report = await change(CANARY);
    // A minute of AWS's is two seconds here, and a machine that is busy keeps processes that have just begun waiting longer: no fault of the version.
    while (
      report.comparison?.verdict === 'worse' &&
      report.comparison.reasons.every((reason) => reason.includes(': p99 is'))
    ) {
      report = await change(CANARY);
    }
    await clients.stop();
    expect(report).toMatchObject({
      outcome: 'done',
      from: 'envA',
      to: 'envB',
      comparison: { verdict: 'well', reasons: [] },
    });
    expect(clients.failures).toEqual([]);
    const [compared] = report.comparison?.functions.filter(({ function: name }) => name === 'test') ?? [];
    const { before, after } = compared ?? {};
    expect([before?.errors, after?.errors]).toEqual([0, 0]);
    const share = (after?.requests ?? 0) / ((before?.requests ?? 0) + (after?.requests ?? 0));
    // With half of a hundred and more requests chance is far from either limit.
    expect([after?.requests ?? 0, share]).toEqual([
      expect.toSatisfy((n) => n >= 50),
      expect.toSatisfy((s) => s > 0.3 && s < 0.7),
    ]);
    expect(Number(after?.durationP99)).toBeGreaterThan(0);
    expect([weights(), targets()]).toEqual([[{}, {}], ['envB']]);
    expect(await change({ kind: 'rollback' })).toMatchObject({ to: 'envA', outcome: 'done' });
  });

  it('takes a version back that fails, long before its time, and every request is well afterwards', async () => {
    await deploy("throw new Error('broken')");
    const clients = traffic();
    const endless: SwitchRequest = { ...CANARY, canary: { percent: 20, bakeSeconds: 86_400 } };
    const report = await change(endless);
    const failed = clients.failures.length;
    expect(report).toMatchObject({
      outcome: 'reverted',
      from: 'envA',
      problem: expect.stringMatching(
        /The versions of envB do worse:\n {2}test in the primary region: (\d+) of \1 requests failed/,
      ),
    });
    // One of five, and no more than were asked until then.
    expect([failed > 0, failed < clients.answered / 2]).toEqual([true, true]);
    await clients.reach(clients.answered + 300);
    await clients.stop();
    // What was under way when the weights went.
    expect(clients.failures.length - failed).toBeLessThanOrEqual(6);
    expect([weights(), targets()]).toEqual([[{}, {}], ['envA']]);
  });

  it('outlives kill -9: the weights stay, status and a deploy say so, and --revert takes them back', async () => {
    const child = spawn(
      process.execPath,
      [COMMAND, 'switch', 'dev', '--local', '--yes', '--canary', '10', '--bake', '5h', '--allow-alarm'],
      { cwd: stage.directory, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = once(child, 'close');
    for await (const line of createInterface({ input: child.stderr })) if (line.includes('new versions ran for')) break;
    child.kill('SIGKILL');
    await ended;
    expect(weights()).toEqual(REGIONS.map(() => ({ envA: { 4: 0.1 } })));
    const { context, control } = await runningStage('dev');
    const status = await readLocalStatus(context, control);
    expect(status).toMatchObject({
      target: 'envA',
      disagreements: [expect.stringContaining('dev is in a canary until')],
    });
    await expect(deploy('2 + 2')).rejects.toThrow(/10 % of what envA is asked runs the versions of envB.+--revert/s);
    expect(await change({ kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect([weights(), targets()]).toEqual([[{}, {}], ['envA']]);
  });
});
