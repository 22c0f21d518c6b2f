import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stop as endBundler } from 'esbuild';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally, type LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';
import { describeLocalDiff, diffLocally } from '#operator/diff/diff-locally.ts';
import { signed } from '#tests/tools/local/gateway/http/support/sign.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { type Client, Traffic } from '#tests/tools/operator/switch/local/traffic.ts';
import { synthesizeOtherRelease } from './another-local-release.ts';

/** After each step, at least. Say `LOCAL_CASES_REQUESTS=5000` for the full measure. */
const REQUESTS = Number(process.env.LOCAL_CASES_REQUESTS ?? 50);
const USER = '/user/a1B2c3D4e5';
const ORIGIN = 'https://app.example.com';

let stage: RunningStage;
let started: Synthesis;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'other-release-'));
  stage = await startStage({
    settings: { THROTTLE_RATE_LIMIT: '100000', THROTTLE_BURST_LIMIT: '50000' },
    terraform: patientFunctions,
    onSynthesis: (synthesis) => {
      started = synthesis;
    },
  });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
}, 120_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await endBundler();
  await stage?.close();
  await rm(folder, { recursive: true });
});

const refusing: LocalDeployPorts['confirmLiveChange'] = async (changes) => {
  throw new RefusedError(changes.map(({ kind, name, action }) => `${action} ${kind} ${name}`).join('\n'));
};

async function synthesize({ outdir }: { readonly outdir: string }): Promise<Synthesis> {
  const { context } = await runningStage('dev');
  const { settings } = context;
  const changed = {
    ...settings,
    cors: { ...settings.cors, allowOrigins: [ORIGIN] },
    usagePlan: { ...settings.usagePlan, quota: { limit: 2_000_000, period: 'MONTH' as const } },
  };
  return synthesizeOtherRelease({ ...context, settings: changed }, started, { outdir, folder });
}

/**
 * The same, synthesized before: in a test the command shares the runtime's process, whose tables would not answer the functions meanwhile.
 */
async function synthesizedBefore(): Promise<typeof synthesize> {
  const before = await synthesize({ outdir: join(folder, 'before') });
  return async ({ outdir }) => {
    await cp(before.outdir, outdir, { recursive: true });
    const moved = ({ name, file }: Synthesis['stacks'][number]) => ({
      name,
      file: join(outdir, relative(before.outdir, file)),
    });
    return { ...before, outdir, stacks: before.stacks.map(moved) };
  };
}

async function deploy(environment: string, ports: Partial<LocalDeployPorts> = {}) {
  return deployLocally(await runningStage('dev'), { environment }, stage.directory, {
    checkTypes: async () => undefined,
    synthesize,
    confirmLive: async () => undefined,
    confirmLiveChange: async () => undefined,
    onPhase: () => undefined,
    ...ports,
  });
}

const portOf = (url: string | undefined) => Number(new URL(url ?? '').port);
const request = (method: string, target: string, headers: Readonly<Record<string, string>> = {}, body = '') => ({
  method,
  target,
  headers: Object.entries({ host: 'localhost', ...headers }),
  body: Buffer.from(body),
});
const json = { 'content-type': 'application/json' };

/** What both contracts serve, at the public names. */
function publicClients(): Client[] {
  const { entry, httpEntry, apiKey } = stage.summary;
  const [rest, http] = [portOf(entry), portOf(httpEntry)];
  const key = { 'x-api-key': apiKey };
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'GET' };
  return [
    { port: rest, request: request('GET', '/test', key), tellsEnvironment: true },
    { port: rest, request: request('GET', USER), tellsEnvironment: false },
    { port: rest, request: request('POST', USER, json, '{"name":"Ada"}'), tellsEnvironment: false },
    {
      port: rest,
      request: request('POST', '/string/replace', { ...key, ...json }, '{"content":"one"}'),
      tellsEnvironment: false,
    },
    { port: http, request: request('OPTIONS', '/events', preflight), tellsEnvironment: false },
  ];
}

const at = (environment: string, region: 'primary' | 'secondary' = 'primary') =>
  stage.summary.regions[region].environments[environment] ?? '';
const httpAt = (environment: string) => stage.summary.regions.primary.httpEnvironments[environment] ?? '';

/** `POST /events` of envA, signed: what the other contract does not serve any more. */
async function removedOperation(): Promise<Client> {
  const url = new URL(httpAt('envA'));
  const body = JSON.stringify({ date: '2021-08-28', time: '14:19:00.000', userId: 'a1B2c3D4e5', eventType: 'login' });
  const toSign = { method: 'POST', path: `${url.pathname}/events`, host: url.host, region: 'eu-central-1', body };
  const [target, { headers = {} }] = await signed(stage.summary.invoker, toSign);
  const raw = {
    method: 'POST',
    target,
    headers: Object.entries({ ...headers }).map(([k, v]) => [k, String(v)] as const),
    body: Buffer.from(body),
  };
  return { port: Number(url.port), request: raw, tellsEnvironment: false };
}

async function ask(url: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { ...init, headers: { 'x-api-key': stage.summary.apiKey, ...init.headers } });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
const post = (body: unknown): RequestInit => ({ method: 'POST', headers: json, body: JSON.stringify(body) });

const functionsOf = (environment: string) =>
  stage.controls
    .regions()
    .regions.primary.functions.filter(({ aliases }) => environment in aliases)
    .map(({ name }) => name.replace('two-region-api-dev-', ''));

/** Everything but what the health checks have seen meanwhile. */
const served = () => ({ ...stage.controls.regions(), healthChecks: [] });

/** What tells the releases apart, as one environment serves it. */
async function signs(environment: string) {
  const [probe, tight, open, words, listed] = await Promise.all([
    ask(`${at(environment)}/test`),
    ask(`${at(environment)}/user/tight00000`, post({ name: 'A much longer name' })),
    fetch(`${httpAt(environment)}/events`),
    ask(`${at(environment, 'secondary')}/string/replace`, post({ content: 'colour' })),
    fetch(`${httpAt(environment)}/events`, { method: 'POST' }),
  ]);
  return {
    release: Object(probe.body).release ?? 'first',
    longName: tight.status,
    unsignedList: open.status,
    words: Object(words.body),
    unsignedPost: listed.status,
    functions: functionsOf(environment),
  };
}

describe.sequential('a release that changes everything at once, under load (B12, B13)', () => {
  it('is refused as long as nobody agrees to what is live at once, and says all of it; nothing has changed', async () => {
    const before = served();
    const refusal = await deploy('envB', { confirmLiveChange: refusing }).catch(String);
    expect(refusal).toContain('change CORS two-region-api-dev');
    expect(refusal).toContain('change usage plan two-region-api-dev');
    expect(served()).toEqual(before);
  }, 120_000);

  it('is told beforehand by diff --local, which changes nothing', async () => {
    const before = served();
    const ports = { synthesize, onPhase: () => undefined };
    const diff = await diffLocally(await runningStage('dev'), undefined, stage.directory, ports);
    expect(diff).toMatchObject({ stage: 'dev', target: 'envA', environment: 'envB' });
    const told = diff.changes.map(
      ({ action, kind, name }) => `${action} ${kind} ${name.replace('two-region-api-dev-', '')}`,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        'add function probe',
        'remove function test',
        'add function user-writer',
        'change function user',
        'change function healthcheck',
        'remove route POST /events',
        'change route GET /events',
        'add table table-c',
        'change CORS two-region-api-dev',
      ]),
    );
    expect(told.filter((each) => each.includes('table'))).toEqual(['add table table-c']);
    expect(describeLocalDiff(diff, pc.createColors(false))).toContain('Release it: two-region deploy dev envB --local');
    expect(served()).toEqual(before);
  }, 120_000);

  it('loses no request of the live environment before, during and after the deploy, and changes nothing in it', async () => {
    // There is a user to read, and no function is at its first invocation.
    await ask(`${at('envA')}${USER}`, post({ name: 'Ada' }));
    const first = await signs('envA');
    const release = await synthesizedBefore();
    expect(first).toMatchObject({ release: 'first', longName: 200, unsignedList: 403, unsignedPost: 403 });
    const traffic = new Traffic(publicClients(), 'envA');
    const old = new Traffic([await removedOperation()], 'envA');
    const both = async () => {
      await traffic.reach(traffic.answered + REQUESTS);
      await old.reach(old.answered + REQUESTS / 10);
    };
    await both();

    await deploy('envB', { synthesize: release });
    await both();
    const other = await signs('envB');
    expect(other).toMatchObject({ release: 'other', longName: 400, unsignedList: 200, unsignedPost: 404 });
    expect(other.words).not.toEqual(first.words);
    expect(other.functions.sort()).toEqual(['events', 'healthcheck', 'probe', 'string-replace', 'user', 'user-writer']);
    expect(await signs('envA')).toEqual(first);

    await old.stop();
    await traffic.stop();
    expect([...traffic.failures, ...old.failures]).toEqual([]);
  }, 300_000);
});
