import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectControl } from '#local/control/client.ts';
import { stateFileIn } from '#local/control/state-file.ts';
import { listen } from '#local/http/listen.ts';

const bin = new URL('../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
let directory: string;
let running: ChildProcess | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-'));
  await cp('settings.conf', join(directory, 'settings.conf'));
});
afterEach(async () => {
  if (running?.exitCode === null && running.kill('SIGKILL')) await once(running, 'exit');
});
afterAll(() => rm(directory, { recursive: true }));

function twoRegion(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  return child;
}

/** Runs a command to its end. */
async function ended(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

describe('two-region local', { timeout: 600_000 }, () => {
  it('prints one document when both regions are ready, fails and recovers a region, and ends with 0 on SIGINT', async () => {
    const child = twoRegion('local', '--port', '0', '--time-scale', '25', '--json', '--quiet');
    const output = createInterface(child.stdout)[Symbol.asyncIterator]();
    const summary = JSON.parse((await output.next()).value);
    expect(Object.keys(summary.regions.secondary.environments)).toEqual(['envA', 'envB', 'preview']);
    const headers = { 'x-api-key': summary.apiKey };
    expect((await fetch(`${summary.entry}/test`, { headers })).status).toBe(200);

    const failed = await ended('local', 'fail', 'primary', '--json');
    expect(failed.code).toBe(0);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      region: 'primary',
      action: 'fail',
      noticed: { reason: expect.stringContaining('no answer') },
      moved: expect.arrayContaining([
        { at: expect.any(Number), name: summary.name, to: 'secondary' },
        { at: expect.any(Number), name: summary.httpName, to: 'secondary' },
      ]),
      failure: { part: 'region', mode: { kind: 'refuse' } },
      predicted: { noticed: true, fault: 'refused', notice: { atLeast: 0.8, atMost: 1.2 } },
      // A machine with other work to do is late.
      inTime: expect.any(Boolean),
    });
    expect((await fetch(`${summary.entry}/test`, { headers })).headers.get('x-two-region-served-by')).toBe('secondary');
    const recovered = await ended('local', 'recover', 'primary', '--no-wait');
    expect(recovered).toMatchObject({ code: 0, stdout: expect.stringMatching(/primary recovered\nNot waiting/) });

    const second = await ended('local', '--port', '0', '--json');
    expect(second.code).toBe(2);
    expect(JSON.parse(second.stdout).error).toMatchObject({ name: 'RuntimeRunningError' });

    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await output.next()).toMatchObject({ done: true });
    await expect(stat(stateFileIn(directory))).rejects.toThrow('ENOENT');
    await expect(fetch(summary.entry)).rejects.toThrow();
  });

  it('ends with 0 on SIGTERM while a request hangs', async () => {
    const child = twoRegion('local', '--port', '0', '--json', '--quiet');
    await once(child.stdout, 'data');
    const { url } = (await (await connectControl(directory)).status()).entries[0] ?? {};
    const hanging = expect(
      fetch(`${url}/string/replace`, { method: 'POST', body: new ReadableStream(), duplex: 'half' }),
    ).rejects.toThrow();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await hanging;
  });

  it('names the port that is taken and the flag, exit code 2, before it starts anything', async () => {
    const taken = await listen(createServer(), 0);
    const { code, stdout, stderr } = await ended('local', '--port', `${taken.port}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    // Another test may have taken one of the next ports.
    expect(stderr).toMatch(new RegExp(`Ports? ${taken.port} \\(entry\\).* taken.*--port`));
    await taken.close();
  });
});
