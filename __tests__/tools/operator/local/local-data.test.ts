import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const bin = new URL('../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
let directory: string;
let running: ChildProcess | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-data-'));
  await cp('settings.conf', join(directory, 'settings.conf'));
});
afterEach(async () => {
  if (running?.exitCode === null && running.kill('SIGKILL')) await once(running, 'exit');
});
afterAll(() => rm(directory, { recursive: true }));

async function start(...flags: string[]) {
  const child = spawn(process.execPath, [bin, 'local', '--port', '0', '--json', '--quiet', '--no-watch', ...flags], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, summary: JSON.parse(String(line)) };
}

/** Runs a command to its end. */
async function ended(args: readonly string[], input = '') {
  const child = spawn(process.execPath, [bin, ...args], { cwd: directory });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

/** The first of eight ports in a row that were free a moment ago, below those that systems hand out by themselves. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const servers = Array.from({ length: 8 }, (_, at) => createServer().listen(first + at, '127.0.0.1'));
    const free = await Promise.all(
      servers.map((server) =>
        once(server, 'listening').then(
          () => true,
          () => false,
        ),
      ),
    );
    const closed = servers.filter((server) => server.listening).map((server) => once(server.close(), 'close'));
    await Promise.all(closed);
    if (free.every(Boolean)) return first;
  }
}

describe('two-region local --data (B14)', { timeout: 180_000 }, () => {
  it('keeps what was seeded, though the process is killed; exports it, and sets it back; listens where it is told', async () => {
    const awsPort = await freePorts();
    const { child, summary } = await start('--data', 'kept', '--aws-port', String(awsPort));
    expect(summary).toMatchObject({
      dataFolder: expect.stringMatching(/local-data-.*\/kept$/),
      regions: {
        primary: { services: { dynamodb: `http://127.0.0.1:${awsPort}`, ssm: `http://127.0.0.1:${awsPort + 4}` } },
        secondary: { services: { dynamodb: `http://127.0.0.1:${awsPort + 1}` } },
      },
    });
    const ada = { id: { S: 'a1B2c3D4' }, name: { S: 'Ada' } };
    await writeFile(join(directory, 'seed.json'), JSON.stringify({ primary: { tables: { user: [ada] } } }));
    expect(await ended(['local', 'seed', 'seed.json'])).toMatchObject({
      code: 0,
      stdout: 'Written: 1 items, 0 objects, 0 parameters.\n',
    });
    const wrong = await ended(['local', 'seed', '-', '--json'], '{"primary":{"tables":{"moon":[]}}}');
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout).error.message).toContain('table moon: there is none');
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;

    const again = await start('--data', 'kept');
    const user = await fetch(`${again.summary.entry}/user/a1B2c3D4`);
    expect(await user.json()).toEqual({ id: 'a1B2c3D4', name: 'Ada' });
    const exported = JSON.parse((await ended(['local', 'export'])).stdout);
    const tables: Record<string, unknown> = exported.secondary.tables;
    expect(Object.entries(tables).find(([name]) => name.endsWith('-dev-user'))?.[1]).toEqual([ada]);
    expect(await ended(['local', 'reset', '--yes'])).toMatchObject({ code: 0 });
    expect((await fetch(`${again.summary.entry}/user/a1B2c3D4`)).status).toBe(404);
    const end = once(again.child, 'exit');
    again.child.kill('SIGINT');
    await end;
    expect(await ended(['local', 'reset', '--data', 'kept', '--yes'])).toMatchObject({ code: 0 });
  });
});
