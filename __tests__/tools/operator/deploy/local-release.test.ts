import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally, type LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { openLocalSwitchPlace } from '#operator/switch/local/local-switch-place.ts';
import type { SwitchReport, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { type Client, Traffic } from '#tests/tools/operator/switch/local/traffic.ts';
import { type Change, changedSynthesis } from './changed-synthesis.ts';

/** Say `LOCAL_RELEASE_REQUESTS=30000` for the full measure. */
const REQUESTS = Number(process.env.LOCAL_RELEASE_REQUESTS ?? 3000);
const HEALTHCHECK = 'two-region-api-dev-healthcheck';

let stage: RunningStage;
let started: Synthesis;
const keep = (synthesis: Synthesis) => {
  started = synthesis;
};
beforeAll(async () => {
  const settings = { THROTTLE_RATE_LIMIT: '100000', THROTTLE_BURST_LIMIT: '50000' };
  stage = await startStage({ settings, terraform: patientFunctions, onSynthesis: keep });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
}, 600_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage?.close();
});

const changed = (change: Change) => changedSynthesis(started, change);

const quiet: LocalDeployPorts = {
  checkTypes: async () => undefined,
  synthesize: async (options) => changed({})(options),
  confirmLive: async (live) => {
    throw new RefusedError(`${live} receives live traffic.`);
  },
  confirmLiveChange: async (changes) => {
    throw new RefusedError(
      `Live traffic has at once: ${changes.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
    );
  },
  onPhase: () => undefined,
};

async function deploy(change: Change, environment?: string, ports: Partial<LocalDeployPorts> = {}) {
  const running = await runningStage('dev');
  return deployLocally(running, { environment }, stage.directory, { ...quiet, synthesize: changed(change), ...ports });
}

/** The deep check of the preflight may be late on a busy machine; then nothing was changed, and it is tried again. */
async function move(request: SwitchRequest): Promise<SwitchReport> {
  for (;;) {
    try {
      return await switchStage(await openLocalSwitchPlace('dev'), request, {
        owner: thisCommand(),
        confirm: async () => undefined,
      });
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('503'))) throw error;
    }
  }
}

/** What the health check says under a URL. */
async function said(url: string): Promise<string> {
  const response = await fetch(`${url}/healthcheck?shallow`);
  const { check } = Object(await response.json());
  return `${response.status} ${check}`;
}

const at = (region: 'primary' | 'secondary') => stage.summary.regions[region].environments;
async function saidEverywhere(): Promise<Record<string, string>> {
  const urls = { entry: stage.summary.entry, ...at('primary'), secondaryB: at('secondary').envB ?? '' };
  const all = Object.entries(urls).map(async ([name, url]) => [name, await said(url)] as const);
  return Object.fromEntries(await Promise.all(all));
}

function clients(): Client[] {
  const { entry, httpEntry, regions, name } = stage.summary;
  const portOf = (url: string | undefined) => Number(new URL(url ?? '').port);
  const body = Buffer.alloc(0);
  const health = (host: string) => ({
    method: 'GET',
    target: '/healthcheck?shallow',
    headers: [['host', host] as [string, string]],
    body,
  });
  const preflight = {
    method: 'OPTIONS',
    target: '/events',
    headers: [
      ['host', 'localhost'],
      ['origin', 'https://app.example.com'],
      ['access-control-request-method', 'POST'],
    ] as [string, string][],
    body,
  };
  return [
    { port: portOf(entry), request: health('localhost'), tellsEnvironment: true },
    { port: portOf(regions.secondary.url), request: health(name), tellsEnvironment: true },
    { port: portOf(httpEntry), request: preflight, tellsEnvironment: false },
  ];
}

const versions = async () => {
  const { regions } = stage.controls.regions();
  const [primary, secondary] = [regions.primary, regions.secondary].map(({ functions }) =>
    functions.find(({ name }) => name === HEALTHCHECK),
  );
  expect(secondary).toEqual({
    ...primary,
    versions: secondary?.versions.map((each) => ({ ...each, codeSha256: expect.any(String) })),
    invokers: expect.anything(),
  });
  return primary?.aliases;
};

async function localStatus() {
  const { context, control } = await runningStage();
  return readLocalStatus(context, control);
}

describe.sequential('releases of the local runtime (B13)', () => {
  it('are none at first: every environment follows the working tree', async () => {
    const { follows, target } = await localStatus();
    expect(target).toBe('envA');
    expect(follows).toEqual({ envA: 'working tree', envB: 'working tree', preview: 'working tree' });
    expect(await versions()).toEqual({ envA: '1', envB: '1', preview: '$LATEST' });
  });

  it('two contents: deployed, switched to and rolled back under load, without one failed request', async () => {
    const traffic = new Traffic(clients(), 'envA');
    await traffic.reach(REQUESTS * 0.2);
    const report = await deploy({ says: 'two' });
    expect(report).toMatchObject({ stage: 'dev', target: 'envA', environment: 'envB' });
    const changes = report.versions.filter(({ before, version }) => before !== version);
    expect(changes.map(({ function: name, region, before, version }) => [name, region, before, version])).toEqual([
      [HEALTHCHECK, 'eu-central-1', '1', '2'],
      [HEALTHCHECK, 'eu-west-1', '1', '2'],
    ]);
    await traffic.reach(traffic.answered + REQUESTS * 0.1);
    expect(await saidEverywhere()).toEqual({
      entry: '200 shallow',
      envA: '200 shallow',
      envB: '200 two',
      preview: '200 two',
      secondaryB: '200 two',
    });
    const { follows } = await localStatus();
    expect(follows).toEqual({ envA: 'release', envB: 'release', preview: 'working tree' });

    traffic.switchBegins();
    expect(await move({ kind: 'switch' })).toMatchObject({ from: 'envA', to: 'envB', outcome: 'done' });
    traffic.switchEnded('envB');
    expect(await said(stage.summary.entry)).toBe('200 two');
    await traffic.reach(traffic.answered + REQUESTS * 0.1);

    traffic.switchBegins();
    expect(await move({ kind: 'rollback' })).toMatchObject({ from: 'envB', to: 'envA', outcome: 'done' });
    traffic.switchEnded('envA');
    expect(await said(stage.summary.entry)).toBe('200 shallow');
    await traffic.reach(Math.max(REQUESTS, traffic.answered + REQUESTS * 0.1));
    await traffic.stop();
    expect(traffic.failures).toEqual([]);
    expect(traffic.answered).toBeGreaterThanOrEqual(REQUESTS);
  }, 900_000);

  it('publish a version where the content has changed, and none where it has not', async () => {
    expect((await deploy({ says: 'two' })).versions.filter(({ before, version }) => before !== version)).toEqual([]);
    expect(await versions()).toEqual({ envA: '1', envB: '2', preview: '$LATEST' });
    await deploy({ says: 'three' });
    expect(await versions()).toEqual({ envA: '1', envB: '3', preview: '$LATEST' });
    expect(await said(at('secondary').envB ?? '')).toBe('200 three');
  }, 60_000);

  it('keep routes, too: one that is new is served by its own release alone', async () => {
    const renamed = (json: string) =>
      json
        .replaceAll('"path_part":"healthcheck"', '"path_part":"renamed"')
        .replaceAll('/GET/healthcheck', '/GET/renamed');
    await deploy({ says: 'renamed', terraform: (json) => renamed(JSON.stringify(JSON.parse(json))) });
    const status = async (url: string | undefined, path: string) => (await fetch(`${url}${path}?shallow`)).status;
    const { envA, envB } = at('primary');
    expect(await status(envB, '/renamed')).toBe(200);
    expect(await status(envA, '/renamed')).toBe(404);
    expect(await status(envA, '/healthcheck')).toBe(200);
    expect(await status(envB, '/healthcheck')).toBe(404);
  }, 60_000);

  it.each([
    ['a mistake of types', {}, { checkTypes: () => Promise.reject(new RefusedError('TS2322')) }, 'TS2322'],
    ['a bundle that cannot be made', {}, { synthesize: () => Promise.reject(new Error('no bundle')) }, 'no bundle'],
    [
      'a reference to nothing',
      { terraform: (json: string) => json.replace('_a}', '_none}').replaceAll('.arn}', '.no}') },
      {},
      'dev-',
    ],
    [
      'a table with another key',
      {
        terraform: (json: string) =>
          json.replaceAll('"hash_key":"id"', '"hash_key":"key"').replaceAll('"name":"id"', '"name":"key"'),
      },
      {},
      'is found by id (S), not by key (S), and the key of a table or of an index cannot be changed',
    ],
  ])(
    'leave everything as it was when there is %s',
    async (_, change, ports, reason) => {
      const before = stage.controls.regions();
      await expect(deploy(change, undefined, ports)).rejects.toThrow(reason);
      expect(stage.controls.regions()).toEqual(before);
      expect(await said(stage.summary.entry)).toBe('200 shallow');
      const left = await readdir(join(stage.directory, '.two-region'));
      expect(left.filter((name) => name.startsWith('release-'))).toEqual([]);
    },
    60_000,
  );

  it('are refused where they cannot be meant', async () => {
    await expect(deploy({}, 'envA')).rejects.toThrow('envA receives live traffic.');
    await expect(deploy({}, 'preview')).rejects.toThrow('allowed are envA, envB');
    stage.controls.fail('secondary');
    await expect(deploy({})).rejects.toThrow('First: two-region local recover secondary');
    stage.controls.recover('secondary');
  }, 60_000);
});
