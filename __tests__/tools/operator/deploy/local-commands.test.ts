import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally } from '#operator/deploy/deploy-locally.ts';
import { inReleaseFolder } from '#operator/deploy/release-folder.ts';
import { createKey, finishRotation, type KeyPorts, rotateKey } from '#operator/keys/change-keys.ts';
import { keyPlace } from '#operator/keys/key-stacks.ts';
import { localKeySources, localKeyStacks } from '#operator/keys/local-keys.ts';
import { readKeys, repairsOf } from '#operator/keys/stage-keys.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { readLocalFacts } from '#operator/parity/local/local-facts.ts';
import { localPromotion } from '#operator/promote/local-promotion.ts';
import { promoteStage } from '#operator/promote/promote-stage.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { changedSynthesis } from './changed-synthesis.ts';

let stage: RunningStage;
let started: Synthesis;
beforeAll(async () => {
  stage = await startStage({
    terraform: patientFunctions,
    onSynthesis: (synthesis) => {
      started = synthesis;
    },
  });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
}, 600_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage?.close();
});

async function deploy(says: string, environment: string, withNewVersions = false) {
  return deployLocally(await runningStage('dev'), { environment, withNewVersions }, stage.directory, {
    checkTypes: async () => undefined,
    synthesize: changedSynthesis(started, { says }),
    confirmLive: async () => undefined,
    confirmLiveChange: async () => undefined,
    onPhase: () => undefined,
  });
}

async function promote(functions: readonly string[]) {
  const { context, control } = await runningStage('dev');
  return promoteStage(context, localPromotion(context, control, { smoke: false }), { functions });
}

async function versions(): Promise<Record<string, string | undefined>> {
  const { context, control } = await runningStage('dev');
  const { regions } = await readLocalStatus(context, control);
  return Object.fromEntries(
    (regions[0]?.environments ?? []).map(({ name, versions: of = {} }) => [name, of.healthcheck]),
  );
}

async function said(environment: string): Promise<unknown> {
  const url = stage.summary.regions.secondary.environments[environment];
  return Object(await (await fetch(`${url}/healthcheck?shallow`)).json()).check;
}

describe.sequential('promote --local (S1.6, B13)', () => {
  it('publishes what preview runs, points the idle environment at it in both regions, and leaves the live one', async () => {
    await deploy('two', 'envA');
    expect(await versions()).toEqual({ envA: '2', envB: '1', preview: '$LATEST' });
    const { context, control } = await runningStage('dev');
    for (const part of Object.keys(stage.controls.regions().targets)) stage.controls.moveTarget(part, 'envB');
    await deploy('three', 'envA');
    for (const part of Object.keys(stage.controls.regions().targets)) stage.controls.moveTarget(part, 'envA');
    const promotion = await promote(['healthcheck']);
    expect(promotion).toMatchObject({
      target: 'envA',
      environment: 'envB',
      functions: [
        { name: 'healthcheck', before: { primary: '1', secondary: '1' }, versions: { primary: '3', secondary: '3' } },
      ],
    });
    expect(await said('envB')).toBe('three');
    expect(await said('envA')).toBe('three');
    expect(compareRegions(...(await readLocalFacts(context, control))).differences).toEqual([]);
  }, 600_000);

  it('pins: a later deploy leaves it at its version, until it is told --with-new-versions', async () => {
    await deploy('four', 'envB');
    expect(await versions()).toEqual({ envA: '3', envB: '3', preview: '$LATEST' });
    expect(await said('envB')).toBe('three');
    expect(await said('preview')).toBe('four');
    const { changes } = await deploy('four', 'envB', true);
    expect(changes).toMatchObject([{ kind: 'function', action: 'change', detail: '3 → 4, code' }]);
    expect(await versions()).toMatchObject({ envB: '4' });
    expect(await said('envB')).toBe('four');
  }, 600_000);

  it('calls the environment with the examples of the contract, and finds nothing wrong', async () => {
    await deploy('shallow', 'envB', true);
    const { context, control } = await runningStage('dev');
    const { smoke } = await promoteStage(context, localPromotion(context, control, { smoke: true }), {});
    expect(smoke.length).toBeGreaterThan(10);
    expect(smoke.filter(({ problem }) => problem !== undefined)).toEqual([]);
  }, 600_000);
});

describe.sequential('keys --local (S4.3, B13)', () => {
  async function ports(): Promise<KeyPorts> {
    const { context, control } = await runningStage('dev');
    const sources = await localKeySources(context, control);
    return {
      ...sources,
      stacks: localKeyStacks(control),
      confirm: async () => undefined,
      generate: () => 'made-by-the-test-0123456789',
    };
  }
  const statusWith = async (key: string) =>
    Promise.all(
      (['primary', 'secondary'] as const).map(async (type) => {
        const url = `${stage.summary.regions[type].environments.envA}/test`;
        return (await fetch(url, { headers: { 'x-api-key': key } })).status;
      }),
    );

  it('a rotation admits the new key beside the old one in both regions, and its end the new one alone', async () => {
    const { context } = await runningStage('dev');
    const place = keyPlace(context, undefined, ' --local');
    const { apiKey } = stage.summary;
    await expect(createKey(context, place, await ports())).rejects.toThrow('two-region keys rotate dev --local');
    expect(repairsOf(await readKeys(context, place, await ports()))).toEqual([]);
    expect(await statusWith('made-by-the-test-0123456789')).toEqual([403, 403]);
    expect(await rotateKey(context, place, await ports())).toMatchObject({ outcome: 'rotated' });
    expect(await statusWith(apiKey)).toEqual([200, 200]);
    expect(await statusWith('made-by-the-test-0123456789')).toEqual([200, 200]);
    expect(await finishRotation(context, place, await ports())).toMatchObject({ outcome: 'finished' });
    expect(await statusWith(apiKey)).toEqual([403, 403]);
    expect(await statusWith('made-by-the-test-0123456789')).toEqual([200, 200]);
    expect(repairsOf(await readKeys(context, place, await ports()))).toEqual([]);
  }, 60_000);

  it('a rotation takes the keys alone: limits that are saved wait for a release', async () => {
    const { context } = await runningStage('dev');
    const limits = () => stage.controls.regions().regions.primary.usagePlans.map(({ name, quota }) => [name, quota]);
    await deploy('five', 'envB');
    const before = limits();
    const saved = changedSynthesis(started, { terraform: (json) => json.replaceAll('1000000', '2000000') });
    await inReleaseFolder(stage.directory, async (outdir) => {
      const { directory } = stage;
      await stage.workingTree.follow(await saved({ directory, stage: 'dev', outdir }));
    });
    expect(limits()).toEqual(before);
    await rotateKey(context, keyPlace(context, undefined, ' --local'), {
      ...(await ports()),
      generate: () => 'made-after-the-save-0123456789',
    });
    expect(await statusWith('made-after-the-save-0123456789')).toEqual([200, 200]);
    expect(limits()).toEqual(before);
  }, 60_000);
});

describe('what an interrupted command leaves (B13)', () => {
  it('nothing where a signal ended it, and where it was killed, nothing once the next one has begun', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'interrupted-'));
    const script = `
      import { inReleaseFolder } from '#operator/deploy/release-folder.ts';
      await inReleaseFolder(${JSON.stringify(directory)}, () => { console.log('begun'); return new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
    const left = async () =>
      (await readdir(join(directory, '.two-region'))).filter((name) => name.startsWith('release-'));
    const end = (signal: NodeJS.Signals) =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        child.stdout.once('data', () => child.kill(signal));
        child.once('close', (code) => resolve(code));
      });
    await mkdir(join(directory, '.two-region', 'release-of-an-older-kit'), { recursive: true });
    expect(await end('SIGINT')).toBe(130);
    expect(await left()).toEqual([]);
    expect(await end('SIGKILL')).toBe(null);
    expect(await left()).toHaveLength(1);
    const seen = await inReleaseFolder(directory, left);
    expect(seen).toEqual([expect.stringMatching(new RegExp(`^release-${process.pid}-`))]);
    expect(await left()).toEqual([]);
    await rm(directory, { recursive: true });
  }, 60_000);
});
