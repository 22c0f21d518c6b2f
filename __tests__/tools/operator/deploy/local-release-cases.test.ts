import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { stop as endBundler } from 'esbuild';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally, type LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';
import { describeLocalDiff, diffLocally } from '#operator/diff/diff-locally.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { openLocalSwitchPlace } from '#operator/switch/local/local-switch-place.ts';
import type { SwitchReport, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { Traffic } from '#tests/tools/operator/switch/local/traffic.ts';
import { synthesizeOtherRelease } from './another-local-release.ts';
import { json, ORIGIN, publicClients, signedClient, USER } from './release-clients.ts';

/** After each step, at least. Say `LOCAL_CASES_REQUESTS=5000` for the full measure. */
const REQUESTS = Number(process.env.LOCAL_CASES_REQUESTS ?? 50);
/** Of each client, so that what goes on meanwhile has the processors, too. */
const PAUSE_MILLISECONDS = process.env.LOCAL_CASES_REQUESTS ? 0 : 20;

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
}, 600_000);
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
async function synthesizedBefore(): Promise<LocalDeployPorts['synthesize']> {
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

async function deploy(environment: string, ports: Partial<LocalDeployPorts> & Pick<LocalDeployPorts, 'synthesize'>) {
  return deployLocally(await runningStage('dev'), { environment }, stage.directory, {
    checkTypes: async () => undefined,
    confirmLive: async () => undefined,
    confirmLiveChange: async () => undefined,
    onPhase: () => undefined,
    ...ports,
  });
}

/** As `two-region switch dev --local --yes` does it. @returns what it said, too */
async function change(request: SwitchRequest): Promise<SwitchReport & { readonly said: readonly string[] }> {
  const said: string[] = [];
  const hooks = {
    owner: thisCommand(),
    confirm: async () => undefined,
    onRemark: (text: string) => void said.push(text),
  };
  for (;;) {
    try {
      return { ...(await switchStage(await openLocalSwitchPlace('dev'), request, hooks)), said };
    } catch (error) {
      // Under full load the deep health check of the preflight may take too long; then nothing was changed.
      if (!(error instanceof Error && error.message.includes('responded 503'))) throw error;
    }
  }
}

const at = (environment: string, region: 'primary' | 'secondary' = 'primary') =>
  stage.summary.regions[region].environments[environment] ?? '';
const httpAt = (environment: string) => stage.summary.regions.primary.httpEnvironments[environment] ?? '';

async function ask(url: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { ...init, headers: { 'x-api-key': stage.summary.apiKey, ...init.headers } });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
const post = (body: unknown): RequestInit => ({ method: 'POST', headers: json, body: JSON.stringify(body) });

/** Tables of the primary region, by their names in the code. */
async function tables(): Promise<readonly string[]> {
  const { credentials, regions } = stage.controls.regions();
  const { region, services } = regions.primary;
  const client = new DynamoDBClient({ region, endpoint: services.dynamodb ?? '', credentials: credentials.operator });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return TableNames.map((name) => name.replace('two-region-api-dev-', ''));
}

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
  let release: Awaited<ReturnType<typeof synthesizedBefore>>;
  beforeAll(async () => {
    release = await synthesizedBefore();
  }, 600_000);
  /** What the first contract says of envA. */
  let first: Awaited<ReturnType<typeof signs>>;
  /** What both contracts serve at the public names, and what only the first one serves, in envA itself. */
  let traffic: Traffic;
  let old: Traffic;
  afterAll(() => Promise.all([traffic?.stop(), old?.stop()]));
  const both = async () => {
    await traffic.reach(traffic.answered + REQUESTS);
    await old.reach(old.answered + REQUESTS / 10);
  };
  const failures = () => [...traffic.failures, ...old.failures];
  /** Moves the target; whoever is answered afterwards is answered by it. */
  const move = async (request: SwitchRequest, to: string) => {
    traffic.switchBegins();
    const report = await change(request);
    expect(report).toMatchObject({ outcome: 'done', to });
    traffic.switchEnded(to);
    await traffic.reach(traffic.answered + REQUESTS);
    return report;
  };
  const lacking = async () => {
    const { context, control } = await runningStage('dev');
    const { regions } = await readLocalStatus(context, control);
    return regions.flatMap(({ environments }) => environments.flatMap(({ lacks }) => lacks));
  };

  it('is refused as long as nobody agrees to what is live at once, and says all of it; nothing has changed', async () => {
    const before = served();
    const refusal = await deploy('envB', { synthesize: release, confirmLiveChange: refusing }).catch(String);
    expect(refusal).toContain('change CORS two-region-api-dev');
    expect(refusal).toContain('change usage plan two-region-api-dev');
    expect(served()).toEqual(before);
  }, 600_000);

  it('is told beforehand by diff --local, which changes nothing', async () => {
    const before = served();
    const ports = { synthesize: release, onPhase: () => undefined };
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
    const { detail } = diff.changes.find(({ name }) => name === 'two-region-api-dev-healthcheck') ?? {};
    expect(detail).toMatch(/memory 256 → 512 MB.*timeout 29 → 20 s/);
    expect(describeLocalDiff(diff, pc.createColors(false))).toContain('Release it: two-region deploy dev envB --local');
    expect(served()).toEqual(before);
  }, 600_000);

  it('loses no request of the live environment before, during and after the deploy, and changes nothing in it', async () => {
    // There is a user to read, and no function is at its first invocation.
    await ask(`${at('envA')}${USER}`, post({ name: 'Ada' }));
    first = await signs('envA');
    expect(first).toMatchObject({ release: 'first', longName: 200, unsignedList: 403, unsignedPost: 403 });
    traffic = new Traffic(await publicClients(stage.summary), 'envA', PAUSE_MILLISECONDS);
    old = new Traffic([await signedClient(stage.summary, httpAt('envA'), 'POST')], 'envA', PAUSE_MILLISECONDS);
    await both();

    await deploy('envB', { synthesize: release });
    await both();
    const other = await signs('envB');
    expect(other).toMatchObject({ release: 'other', longName: 400, unsignedList: 200, unsignedPost: 404 });
    expect(other.words).not.toEqual(first.words);
    expect(other.functions.sort()).toEqual(['events', 'healthcheck', 'probe', 'string-replace', 'user', 'user-writer']);
    expect(await signs('envA')).toEqual(first);
    expect(await lacking()).toEqual([]);
    expect(failures()).toEqual([]);
  }, 600_000);

  it('is not switched to while it could not read what is stored, unless that is as it should be', async () => {
    const before = served();
    const refusal = await change({ kind: 'switch' }).catch(String);
    expect(refusal).toMatch(/envB could not read 1 of \d+ sampled items of the table user, such as id "tight00000": /);
    expect(refusal).toContain('two-region switch dev --local envB --allow-unreadable');
    expect(served()).toEqual(before);
  }, 600_000);

  it('loses none through the switch and the rollback, and each environment serves its release', async () => {
    const { said } = await move({ kind: 'switch', allowUnreadable: true }, 'envB');
    expect(said).toContainEqual(expect.stringMatching(/^Read items with what envB knows of them \(.*user \d+/));
    const publicName = () => ask(`${stage.summary.entry}/test`);
    expect((await publicName()).body).toMatchObject({ env: 'envB', release: 'other' });
    const back = await move({ kind: 'rollback' }, 'envA');
    expect(back.said).toContainEqual(expect.stringMatching(/^Read items with what envA knows of them/));
    expect((await publicName()).body).not.toHaveProperty('release');
    await both();
    expect(await signs('envA')).toEqual(first);
    expect(failures()).toEqual([]);
  }, 600_000);

  it('loses none while what no environment needs any more goes; data stays', async () => {
    await move({ kind: 'switch', allowUnreadable: true }, 'envB');
    // Until now envA served what the other contract does not.
    await old.stop();
    await deploy('envA', { synthesize: release });
    await traffic.reach(traffic.answered + REQUESTS);
    expect(functionsOf('envA')).not.toContain('test');
    expect(await signs('envA')).toMatchObject({ release: 'other', unsignedPost: 404 });
    expect(await lacking()).toEqual([]);
    expect(await tables()).toEqual(expect.arrayContaining(['table-a', 'table-b', 'table-c', 'user']));
    await traffic.stop();
    expect(failures()).toEqual([]);
  }, 600_000);
});
