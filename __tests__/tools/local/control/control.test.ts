import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectControl, NoRuntimeError } from '#local/control/client.ts';
import type { RuntimeControls } from '#local/control/controls.ts';
import type { RuntimeStatus } from '#local/control/protocol.ts';
import { startControl } from '#local/control/server.ts';
import { RuntimeRunningError, stateFileIn } from '#local/control/state-file.ts';
import { SeedError } from '#local/data/contents.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { FailureError } from '#local/failure/failure.ts';
import type { Service } from '#local/http/listen.ts';
import { ReleaseError } from '#local/release/release-error.ts';
import { predictRecovery } from '#local/route53/predictions.ts';
import { TargetError } from '#local/target/target-error.ts';
import { apiMessage, regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';

let directory: string;
let running: Service | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'control-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await rm(directory, { recursive: true });
});

const ALARM = { name: 'sick', region: 'eu-central-1', state: 'ALARM', since: 1, reason: 'x' } as const;

/** Controls that remember what was asked of them. */
function controls(): RuntimeControls {
  let failed = false;
  let partitioned = false;
  let lag = 0;
  let target = 'envA';
  const filled: Record<string, Record<string, unknown>>[] = [];
  return {
    token: async ({ sub = '', scopes = [] }) => ({
      token: `${sub}: ${scopes.join(' ')}`,
      issuer: 'i',
      audience: ['a'],
      keysUrl: 'k',
    }),
    metrics: () => [],
    alarms: () => ({ alarms: [ALARM], changes: [{ ...ALARM, from: 'OK' }] }),
    regions: () => {
      asked += 1;
      return { ...regions, targets: { routing: target } };
    },
    deploy: async ({ environment }) => {
      if (environment === 'preview') throw new ReleaseError('unknown', 'got the environment "preview"');
      if (environment === 'broken') throw new ReleaseError('invalid', 'a contract mistake');
      released.push(environment);
    },
    plan: async () => [
      { kind: 'function', name: 'test', action: 'change', detail: '1 → 2, code', live: false, regions: ['primary'] },
    ],
    publish: ({ codeSha256 }) => {
      if (codeSha256 !== 'sha') throw new ReleaseError('unavailable', 'is not that any more');
      return '2';
    },
    point: async ({ environment }) => {
      if (environment !== 'envB') throw new ReleaseError('unknown', 'allowed: envB.');
      released.push('pointed');
    },
    weigh: async ({ region, environment, weights }) => {
      if (environment !== 'envA') throw new ReleaseError('invalid', 'has another role');
      released.push(`${region} ${JSON.stringify(weights)}`);
    },
    admitKeys: async (types) => {
      released.push(...types);
    },
    data: {
      contents: () => ({ primary: { tables: { user: filled } } }),
      fill: async ({ primary }) => {
        if (primary?.tables?.moon) throw new SeedError(['table moon: there is none']);
        filled.push(...(primary?.tables?.user ?? []));
        return { items: filled.length, objects: 0, parameters: 0 };
      },
      reset: async () => {
        filled.splice(0);
      },
    },
    moveTarget: (part, environment) => {
      if (part !== 'routing') throw new TargetError('unknown', `got the part "${part}", allowed: routing.`);
      if (environment === 'envC') throw new TargetError('invalid', 'target_env must be one of envA, envB.');
      if (environment === 'later') throw new TargetError('unavailable', 'does not answer');
      if (environment === 'crash') throw new Error('a mistake of the runtime');
      target = environment;
    },
    fail: (region, failure) => {
      if (failure?.part === 'moon') throw new FailureError('got "moon", allowed: region.');
      if (region === 'primary') failed = true;
    },
    recover: (region) => {
      if (region === 'primary') failed = false;
    },
    setPartitioned: (next) => {
      partitioned = next;
    },
    hold: (region, routes) => void held.push(`${region} ${routes.join()}`),
    setReplicationLag: (milliseconds) => {
      lag = milliseconds;
    },
    recorded: () => [],
    unusedPermissions: () => ({ unused: [unused] }),
    status: (): RuntimeStatus => ({
      stage: 'dev',
      startedAt: 5,
      timeScale: 1,
      active: 'primary',
      replicationLagMilliseconds: lag,
      regions: {
        primary: { region: 'eu-central-1', failed, failures: [], since: 5, healthChecks: [] },
        secondary: { region: 'eu-west-1', failed: false, failures: [], since: 5, healthChecks: [] },
      },
      entries: [],
      partitioned,
      predicted: predictRecovery({ healthChecks: [], records: [] }, 1),
    }),
  };
}

let asked = 0;
const released: string[] = [];
const held: string[] = [];
const unused = { role: 'writer', action: 'dynamodb:PutItem', resources: ['arn:x'], usedElsewhere: false };
const regions = regionsMessage({
  regions: {
    primary: regionMessage({
      services: { ssm: 'http://127.0.0.1:3' },
      names: [{ kind: 'rest', name: 'api.local', environment: 'envA', regionalHost: 'd-1.example' }],
      apis: [apiMessage('rest', 'http://127.0.0.1:3001', ['envA', 'envB'])],
    }),
    secondary: regionMessage({ region: 'eu-west-1' }),
  },
});

async function start(log = new RuntimeLog()) {
  running = await startControl({ controls: controls(), log, directory });
  return connectControl(directory);
}

describe('the control endpoint', () => {
  it('is asked once for the regions by all that asks at once, and anew by what asks later', async () => {
    const client = await start();
    asked = 0;
    const all = await Promise.all(Array.from({ length: 50 }, () => client.regions()));
    expect({ asked, targets: new Set(all.map(({ targets }) => targets.routing)) }).toEqual({
      asked: 1,
      targets: new Set(['envA']),
    });
    // One that is under way when the target moves is none of the next caller's.
    const before = client.regions();
    await new Promise((resolve) => setImmediate(resolve));
    await client.moveTarget('routing', 'envB');
    expect((await client.regions()).targets).toEqual({ routing: 'envB' });
    await before;
    // The move responds with the regions, too.
    expect(asked).toBe(4);
  });

  it('fails and recovers a region, tells the status and takes a replication lag', async () => {
    const client = await start();
    expect((await client.status()).regions.primary.failed).toBe(false);
    expect((await client.fail('primary')).regions.primary.failed).toBe(true);
    expect((await client.recover('primary')).regions.primary.failed).toBe(false);
    const refuse = { kind: 'refuse' } as const;
    await expect(client.fail('primary', { part: 'moon', mode: refuse })).rejects.toThrow(
      'got "moon", allowed: region.',
    );
    await expect(client.fail('primary', { part: 'rest', mode: { kind: 'errors', share: 2 } })).rejects.toThrow(
      'Send {',
    );
    expect((await client.setPartitioned(true)).partitioned).toBe(true);
    expect((await client.setPartitioned(false)).partitioned).toBe(false);
    expect((await client.setReplicationLag(250)).replicationLagMilliseconds).toBe(250);
    await expect(client.setReplicationLag(-1)).rejects.toThrow('n from 0 to 3,600,000');
    await client.hold('primary', ['envA GET /test']);
    expect(held).toEqual(['primary envA GET /test']);
  });

  it('tells alarms and how they changed (S3.6)', async () => {
    const client = await start();
    expect(await client.alarms()).toEqual({ alarms: [ALARM], changes: [{ ...ALARM, from: 'OK' }] });
  });

  it('B14: takes data, all of it or none, tells what there is, and sets it back', async () => {
    const client = await start();
    const ada = { id: { S: 'ada' } };
    expect(await client.fill({ primary: { tables: { user: [ada] } } })).toEqual({
      items: 1,
      objects: 0,
      parameters: 0,
    });
    expect(await client.contents()).toEqual({ primary: { tables: { user: [ada] } } });
    await expect(client.fill({ primary: { tables: { moon: [] } } })).rejects.toThrow('  table moon: there is none');
    const shapeless = client.fill({ primary: { tables: { user: ['ada'] }, objects: 1 }, tertiary: {} });
    await expect(shapeless).rejects.toMatchObject({ exitCode: 2 });
    await expect(shapeless).rejects.toThrow(/primary\.tables\.user\.0: [\s\S]*primary\.objects: [\s\S]*tertiary/);
    await client.reset();
    expect(await client.contents()).toEqual({ primary: { tables: { user: [] } } });
  });

  it('B7: tells what is deployed, how it is configured, and where SDK clients and callers of the APIs find it', async () => {
    expect(await (await start()).regions()).toEqual({ ...regions, targets: { routing: 'envA' } });
  });

  it('B11: tells what policies allow and nothing has used', async () => {
    const client = await start();
    expect(await client.unusedPermissions()).toEqual({ unused: [unused] });
  });

  it('B14: has tokens signed, and refuses what is no wish for one', async () => {
    const client = await start();
    expect(await client.token({ sub: 'ada', scopes: ['read', 'write'] })).toEqual({
      token: 'ada: read write',
      issuer: 'i',
      audience: ['a'],
      keysUrl: 'k',
    });
    await expect(client.token({ lifetimeSeconds: -1 })).rejects.toThrow('Send {"sub"');
  });

  it('finds events by kind and time', async () => {
    const log = new RuntimeLog();
    log.write({ kind: 'warning', time: 1, message: 'early' });
    log.write({ kind: 'warning', time: 3, message: 'late' });
    log.write({ kind: 'control', time: 4, region: 'primary', action: 'fail' });
    const client = await start(log);
    expect(await client.events({ kinds: ['warning'], since: 2 })).toEqual([
      { kind: 'warning', time: 3, message: 'late' },
    ]);
    expect(await client.events({})).toHaveLength(3);
    expect(await client.events({ kinds: ['warning', 'control'], since: 2 })).toHaveLength(2);
  });

  it('S0.12: moves a part of the stage, and says why when it cannot', async () => {
    const client = await start();
    expect((await client.regions()).targets).toEqual({ routing: 'envA' });
    expect((await client.moveTarget('routing', 'envB')).targets).toEqual({ routing: 'envB' });
    await expect(client.moveTarget('entry', 'envA')).rejects.toThrow('got the part "entry", allowed: routing.');
    await expect(client.moveTarget('routing', 'envC')).rejects.toThrow('target_env must be one of envA, envB.');
    await expect(client.moveTarget('routing', '')).rejects.toThrow('Send {"environment": "envB"}');
    expect((await client.regions()).targets).toEqual({ routing: 'envB' });
  });

  it('B13: takes a release, and says why when it does not', async () => {
    const client = await start();
    const synthesis = { stage: 'dev', outdir: '/nowhere', stacks: [], variables: {}, parameters: {} };
    const release = (environment: string) =>
      client.deploy({ environment, synthesis: { ...synthesis, regions: { primary: 'a', secondary: 'b' } } });
    expect(await release('envB')).toMatchObject({ stage: 'dev' });
    await expect(release('preview')).rejects.toThrow('got the environment "preview"');
    await expect(release('broken')).rejects.toThrow('a contract mistake');
    await expect(release('')).rejects.toThrow('Send {"environment": "envB"');
    expect(released).toEqual(['envB']);
  });

  it('B13: tells what a release would change, publishes, points and admits keys, or says why not', async () => {
    const client = await start();
    const synthesis = { stage: 'dev', outdir: '/', stacks: [], variables: {}, parameters: {} };
    const release = { environment: 'envB', synthesis: { ...synthesis, regions: { primary: 'a', secondary: 'b' } } };
    expect(await client.plan(release)).toEqual([expect.objectContaining({ name: 'test', detail: '1 → 2, code' })]);
    const publication = { region: 'primary' as const, functionName: 'app-test' };
    expect(await client.publish({ ...publication, codeSha256: 'sha' })).toBe('2');
    await expect(client.publish({ ...publication, codeSha256: 'other' })).rejects.toThrow('is not that any more');
    const versions = { primary: { 'app-test': '2' }, secondary: {} };
    await client.point({ environment: 'envB', versions });
    await expect(client.point({ environment: 'envC', versions })).rejects.toThrow('allowed: envB.');
    await client.admitKeys(['secondary']);
    expect(released.slice(-2)).toEqual(['pointed', 'secondary']);
  });

  it('B8: gives aliases weights, or says why not', async () => {
    const client = await start();
    const weights = { 'app-test': { version: '2', share: 0.1 } };
    await client.weigh({ region: 'secondary', environment: 'envA', weights });
    expect(released.at(-1)).toBe('secondary {"app-test":{"version":"2","share":0.1}}');
    await expect(client.weigh({ region: 'primary', environment: 'envB', weights })).rejects.toThrow('another role');
    await expect(client.weigh({ region: 'primary', environment: '', weights })).rejects.toThrow('Send {"region"');
  });

  it('S0.12: tells a wrong request, an unknown part and a region that has failed apart, and outlives its own mistakes', async () => {
    await start();
    const { url, token } = JSON.parse(await readFile(stateFileIn(directory), 'utf8'));
    const post = async (part: string, body: string) =>
      (await fetch(`${url}/targets/${part}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body }))
        .status;
    expect(await post('routing', '{"environment":"envB"}')).toBe(200);
    expect(await post('routing', '{"environment":"envC"}')).toBe(400);
    expect(await post('routing', '{"environment":')).toBe(400);
    expect(await post('other', '{"environment":"envB"}')).toBe(404);
    expect(await post('routing', '{"environment":"later"}')).toBe(409);
    expect(await post('routing', '{"environment":"crash"}')).toBe(500);
    expect(await post('routing', '{"environment":"envA"}')).toBe(200);
  });

  it('refuses whoever does not know the token, and does nothing for them', async () => {
    const client = await start();
    const { url } = JSON.parse(await readFile(stateFileIn(directory), 'utf8'));
    for (const authorization of ['', 'Bearer wrong', `Bearer ${'0'.repeat(64)}`]) {
      const refused = await fetch(`${url}/regions/primary/fail`, { method: 'POST', headers: { authorization } });
      expect(refused.status).toBe(401);
    }
    expect((await client.status()).regions.primary.failed).toBe(false);
  });

  it('B3: keeps documents for the commands, replaced only where they are as they were read, until it ends', async () => {
    const client = await start();
    expect(await client.document('switch-lock')).toEqual({ version: 0, document: null });
    expect(await client.replaceDocument('switch-lock', { token: 'a' }, 0)).toBe(true);
    expect(await client.replaceDocument('switch-lock', { token: 'b' }, 0)).toBe(false);
    expect(await client.document('switch-lock')).toEqual({ version: 1, document: { token: 'a' } });
    expect(await client.replaceDocument('switch-lock', null)).toBe(true);
    expect(await client.document('switch-lock')).toEqual({ version: 2, document: null });
    await running?.close();
    expect(await (await start()).document('switch-lock')).toEqual({ version: 0, document: null });
  });

  it('B3: knows no other documents, and says how one is sent', async () => {
    await start();
    const { url, token } = JSON.parse(await readFile(stateFileIn(directory), 'utf8'));
    const headers = { authorization: `Bearer ${token}` };
    const put = (name: string, body: string) => fetch(`${url}/documents/${name}`, { method: 'PUT', headers, body });
    expect((await put('other', '{"document":1}')).status).toBe(404);
    const refused = await put('switch-lock', '{"version":"1"}');
    expect([refused.status, await refused.json()]).toEqual([400, { message: expect.stringContaining('"document"') }]);
  });

  it('knows no other routes', async () => {
    await start();
    const { url, token } = JSON.parse(await readFile(stateFileIn(directory), 'utf8'));
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/', '/regions/third/fail', '/regions/primary/explode', '/status/x']) {
      expect((await fetch(`${url}${path}`, { method: 'POST', headers })).status).toBe(404);
    }
    expect((await fetch(`${url}/events?since=yesterday`, { headers })).status).toBe(400);
    expect((await fetch(`${url}/events?since=yesterday&follow=true`, { headers })).status).toBe(400);
    const kinds = await fetch(`${url}/events?kind=noise`, { headers });
    expect(await kinds.json()).toEqual({ message: expect.stringContaining('kind is one of access, control') });
    expect((await fetch(`${url}/replication`, { method: 'POST', headers, body: '{' })).status).toBe(400);
  });
});

describe('the state file', () => {
  it('is for its owner only and goes with the runtime', async () => {
    await start();
    expect((await stat(stateFileIn(directory))).mode & 0o777).toBe(0o600);
    await running?.close();
    await expect(stat(stateFileIn(directory))).rejects.toThrow('ENOENT');
    await expect(connectControl(directory)).rejects.toThrow(NoRuntimeError);
  });

  it('lets no second runtime start in the folder, and the first one keeps it', async () => {
    const client = await start();
    const second = startControl({ controls: controls(), log: new RuntimeLog(), directory });
    await expect(second).rejects.toThrow(RuntimeRunningError);
    await expect(second).rejects.toThrow(`process ${process.pid}, since 1970-01-01T00:00:00.005Z`);
    expect((await client.status()).stage).toBe('dev');
  });

  it.each([
    { left: 'a process that is gone', content: () => JSON.stringify({ ...leftOver(), pid: deadPid() }) },
    { left: 'half a file', content: () => '{"pid": 1' },
    { left: 'something else', content: () => '[]' },
  ])('of $left is taken for none and replaced', async ({ content }) => {
    await start();
    await running?.close();
    await writeFile(stateFileIn(directory), content());
    await expect(connectControl(directory)).rejects.toThrow('npm start');
    expect((await (await start()).status()).stage).toBe('dev');
  });

  it('of a process that is another one by now leads to nobody, which is said, and is replaced', async () => {
    await start();
    const state = JSON.parse(await readFile(stateFileIn(directory), 'utf8'));
    await running?.close();
    await writeFile(stateFileIn(directory), JSON.stringify(state));
    await expect((await connectControl(directory)).status()).rejects.toThrow(NoRuntimeError);
    expect((await (await start()).status()).stage).toBe('dev');
  });
});

function leftOver() {
  return { url: 'http://127.0.0.1:1', token: 'left over', startedAt: 0 };
}

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}
