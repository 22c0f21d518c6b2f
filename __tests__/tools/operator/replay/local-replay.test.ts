import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { deployLocally, type LocalDeployPorts } from '#operator/deploy/deploy-locally.ts';
import type { ReplayReport } from '#operator/replay/replay-report.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { changedSynthesis } from '#tests/tools/operator/deploy/changed-synthesis.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

let stage: RunningStage;
let started: Synthesis;
beforeAll(async () => {
  const onSynthesis = (synthesis: Synthesis) => {
    started = synthesis;
  };
  stage = await startStage({ settings: { RECORDING_PERCENT: '100' }, terraform: patientFunctions, onSynthesis });
  vi.spyOn(process, 'cwd').mockReturnValue(stage.directory);
}, 600_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage?.close();
});

const SECRETS = ['Bearer s3cret-token', 'session=s3cret-cookie', 's3cret-query', 's3cret-member'];

/** What clients do at the public names. */
async function clientsAsk(): Promise<void> {
  const { entry, apiKey } = stage.summary;
  const json = { 'content-type': 'application/json', authorization: SECRETS[0] ?? '', cookie: SECRETS[1] ?? '' };
  const ask = async (path: string, init: RequestInit = {}) => (await fetch(`${entry}${path}`, init)).text();
  await ask('/user/a1B2c3D4', { method: 'POST', headers: json, body: '{"name":"Ada Lovelace"}' });
  for (let times = 1; times <= 3; times++) await ask(`/user/a1B2c3D4?token=${SECRETS[2]}`, { headers: json });
  await ask('/user/nobody1234');
  await ask('/user/no');
  const body = JSON.stringify({ content: 'one two', password: SECRETS[3] });
  await ask('/string/replace', { method: 'POST', headers: { ...json, 'x-api-key': apiKey }, body });
  await ask('/test', { headers: { 'x-api-key': apiKey } });
  await ask('/healthcheck');
  for (const time of ['14:19:00.000', '14:20:00.000']) {
    const event = JSON.stringify({ date: '2021-08-28', time, userId: 'EX8C9MRZfhL', eventType: 'login' });
    await runHere(['call', 'POST', '/events', '--body', event]);
  }
  await runHere(['call', 'GET', '/events?date=2021-08-28&limit=1']);
}

/** Puts a release into envB, and into preview, whose functions do something else with their responses. */
async function deploy(changes: Readonly<Record<string, string>>): Promise<void> {
  const synthesize: LocalDeployPorts['synthesize'] = async (options) => {
    const synthesis = await changedSynthesis(started, {})(options);
    for (const [name, change] of Object.entries(changes)) {
      for (const region of ['primary', 'secondary']) {
        const assets = join(synthesis.outdir, 'stacks', `dev-api-${region}`, 'assets');
        const files = await readdir(assets, { recursive: true });
        const path = join(assets, files.find((file) => file.startsWith(`${name}_`) && file.endsWith('index.js')) ?? '');
        const text = await readFile(path, 'utf8');
        await rm(path);
        const wrapped = `async (...given) => { const response = await handler(...given); ${change} }`;
        await writeFile(path, `${text}\nconst { handler } = module.exports; module.exports = { handler: ${wrapped} };`);
      }
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

async function replay(...flags: readonly string[]): Promise<{ code: number; report: ReplayReport; stdout: string }> {
  const { code, stdout } = await runHere(['replay', '--local', '--rate', '50', '--json', ...flags]);
  return { code, report: JSON.parse(stdout), stdout };
}

const sortedMembers = (each: object) => Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
const counts = ({ operations }: ReplayReport) =>
  Object.fromEntries(operations.map((each) => [each.operation, [each.sentTo, each.equal, each.different]]));

describe.sequential('a replay in the local runtime (B18)', { timeout: 600_000 }, () => {
  it('has nothing to send before clients ask, and says how requests come to be recorded', async () => {
    const { code, stderr } = await runHere(['replay', '--local']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('No request is recorded on envA since')]);
    expect(stderr).toContain('The local runtime records whatever its functions are asked');
  });

  it('records what the contract declares of requests that functions served, and no secret', async () => {
    await clientsAsk();
    const { control } = await runningStage('dev');
    const records = await control.recorded('envA', 0);
    expect(records.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'post-user 200',
      ...['get-user 200', 'get-user 200', 'get-user 200', 'get-user 404', 'get-user 400'],
      ...['replace-string 200', 'test 200', 'post-event 200', 'post-event 200', 'list-events 200'],
    ]);
    expect(records[0]).toMatchObject({ path: { id: 'a1B2c3D4' }, body: { name: 'Ada Lovelace' }, withheld: [] });
    const text = JSON.stringify(records);
    for (const secret of [...SECRETS, stage.summary.apiKey, 'AWS4-HMAC-SHA256']) expect(text).not.toContain(secret);
  });

  it('is recorded alike by the functions themselves, as on AWS, in their logs', async () => {
    const { control } = await runningStage('dev');
    const lines = await control.events({ kinds: ['function'] });
    const written = lines.flatMap((event) => {
      if (event.kind !== 'function' || !event.line.startsWith('{"environment"')) return [];
      const { environment, recorded }: { environment: string; recorded: { time: number } } = JSON.parse(event.line);
      return [{ ...recorded, environment, time: 0 }];
    });
    const records = await control.recorded('envA', 0);
    const expected = records.map(({ regionType: _, ...each }) => ({ ...each, time: 0 }));
    const sorted = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).sort();
    expect(sorted(written.map((each) => sortedMembers(each)))).toEqual(sorted(expected.map(sortedMembers)));
  });

  it('finds no difference between environments that run the same, and says what it has not sent', async () => {
    const { code, report } = await replay();
    expect([code, report.isDifferent]).toEqual([0, false]);
    expect(report).toMatchObject({ from: 'envA', to: 'envB', requests: { recorded: 11, different: 8, sent: 8 } });
    expect(counts(report)).toEqual({
      'get-user': ['envB', 3, 0],
      'replace-string': ['envB', 1, 0],
      'list-events': ['envB', 1, 0],
      'post-user': ['preview', 1, 0],
      'post-event': ['preview', 2, 0],
    });
    expect(report.skipped).toEqual([
      {
        operation: 'test',
        requests: 1,
        reason: 'it writes to what preview has no own of: TABLE_A_NAME, TABLE_B_NAME, DATA_BUCKET_NAME',
      },
    ]);
  });

  it('does not record its own requests, and leaves live data alone', async () => {
    const { control } = await runningStage('dev');
    expect(await control.recorded('envA', 0)).toHaveLength(11);
    expect(await control.recorded('envB', 0)).toEqual([]);
  });

  it('finds what a release does otherwise, shows no text, and passes by what the contract ignores', async () => {
    await deploy({
      user: "return response?.name ? { ...response, name: response.name + '!' } : response;",
      events:
        'return response.body?.includes("Next") ? { ...response, body: JSON.stringify({ ...JSON.parse(response.body), Next: "x" }) } : response;',
    });
    const { code, report, stdout } = await replay();
    expect([code, report.isDifferent]).toEqual([2, true]);
    expect(counts(report)).toMatchObject({ 'get-user': ['envB', 2, 1], 'list-events': ['envB', 1, 0] });
    expect(report.operations.find(({ operation }) => operation === 'get-user')?.examples).toEqual([
      {
        request: 'GET /user/a1B2c3D4',
        regionType: 'primary',
        differences: [{ at: 'body name', from: 'a text of 12 characters', to: 'a text of 13 characters' }],
      },
    ]);
    expect(stdout).not.toContain('Ada');
  });

  it('says so in text, shows texts where it is told to, and lets as many differ as are allowed', async () => {
    const flags = ['replay', 'dev', '--local', '--rate', '50', '--from', 'envA', '--to', 'envB'];
    const { code, stdout } = await runHere([...flags, '--allow', '1', '--show-values']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/get-user +envB +2 +1 +0\n/);
    expect(stdout).toContain('  body name: "Ada Lovelace" at envA, "Ada Lovelace!" at envB');
    expect(stdout).toContain('test: 1 not sent, as it writes to what preview has no own of');
    expect(stdout).toContain('1 of 8 responses differ between envA and envB; allowed are 1.');
  });

  it('is part of a switch that asks for it: what differs refuses it, unless it is allowed', async () => {
    const refused = await runHere(['switch', 'dev', '--local', '--yes', '--replay']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('envB responds otherwise than envA; nothing was changed:');
    expect(refused.stderr).toContain('body name: a text of 12 characters at envA, a text of 13 characters at envB');
    expect(refused.stderr).toContain('two-region switch dev --local envB --replay --allow-different 1');
    expect(Object.values(stage.controls.regions().targets)).not.toContain('envB');
    const done = await runHere(['switch', 'dev', '--local', '--yes', '--replay', '--allow-different', '1']);
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining('1 of 8 responses differ')]);
    expect(new Set(Object.values(stage.controls.regions().targets))).toEqual(new Set(['envB']));
    await runHere(['rollback', 'dev', '--local', '--yes']);
  });

  it('is refused for environments that it could not compare, or that are live', async () => {
    for (const [flags, message] of [
      [['--from', 'envA', '--to', 'envA'], 'nothing to compare'],
      [['--from', 'envB', '--to', 'envA'], 'envA is live'],
      [['--to', 'envC'], 'allowed are envA, envB'],
      [['--sample', '0%'], 'Allowed is a share'],
    ] as const) {
      const { code, stderr } = await runHere(['replay', '--local', ...flags]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
