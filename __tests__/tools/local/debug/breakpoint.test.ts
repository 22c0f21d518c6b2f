import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DoorFacts } from '#local/debug/doors.ts';
import { type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { connectDevtools, type Devtools, Mapped } from './devtools.ts';

const SOURCE = 'functions/user/write-user.ts';
const root = new URL('../../../../', import.meta.url);
/** Longer than any function of the stage may take, and than any gateway waits. */
const PAUSE_MILLISECONDS = 120_000;

let stage: RunningStage;
const doors: DoorFacts[] = [];
beforeAll(async () => {
  stage = await startStage({ debugging: { port: 0, waits: false, onDoor: (door) => doors.push(door) } });
}, 600_000);
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => stage?.close());

/** As if the time had passed: nothing in this process that watches a limit can tell. */
function letPass(milliseconds: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + milliseconds);
}

const userDoor = () => {
  const found = doors.find((door) => door.function.endsWith('-user') && door.region === 'primary');
  if (!found) throw new Error(`No door of the function user: ${JSON.stringify(doors)}`);
  return found;
};

describe('a debugger (B14)', { timeout: 600_000 }, () => {
  let devtools: Devtools;
  let mapped: Mapped;
  beforeAll(async () => {
    devtools = await connectDevtools(userDoor().port);
    await devtools.send('Debugger.enable');
    const isFunction = ({ url }: Readonly<Record<string, unknown>>) => String(url).endsWith('/index.js');
    const script = await devtools.event('Debugger.scriptParsed', isFunction);
    mapped = new Mapped(script);
    const line = readFileSync(new URL(SOURCE, root), 'utf8').split('\n').indexOf('  await users.put(user);') + 1;
    await devtools.send('Debugger.setBreakpointByUrl', { url: script.url, ...mapped.positionOf(SOURCE, line) });
  }, 600_000);
  afterAll(() => devtools?.close());

  it('finds each version of each function at a port of its own, those that the public name leads to first', () => {
    expect(new Set(doors.map(({ port }) => port)).size).toBe(20);
    expect(
      doors.map((door) => `${door.function.replace('two-region-api-dev-', '')} ${door.version}`).slice(0, 5),
    ).toEqual(['events 1', 'healthcheck 1', 'string-replace 1', 'test 1', 'user 1']);
    expect(devtools.target.webSocketDebuggerUrl).toContain(`127.0.0.1:${userDoor().port}/`);
  });

  it('stops at a line of TypeScript, for longer than the function and the gateway have time, and the request succeeds', async () => {
    let responded = false;
    const request = fetch(`${stage.summary.entry}/user/a1B2c3D4`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Ada"}',
    }).finally(() => {
      responded = true;
    });
    const { callFrames } = await devtools.event('Debugger.paused');
    const [frame] = Array.isArray(callFrames) ? callFrames : [];
    expect(mapped.sourceOf(frame.location)).toMatch(new RegExp(`^${SOURCE}:\\d+$`));
    letPass(PAUSE_MILLISECONDS);
    // Those who watch over limits look ten times a second.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(responded).toBe(false);
    await devtools.send('Debugger.resume');
    const response = await request;
    expect([response.status, await response.json()]).toEqual([200, { id: 'a1B2c3D4', name: 'Ada' }]);
    const lines = stage.log.query(({ kind }) => kind === 'function').map((event) => JSON.stringify(event));
    expect(lines.filter((line) => line.includes('Debugger'))).toEqual([]);
  });

  it('has its place in VS Code: F5 attaches to every function of the primary region', () => {
    const { configurations, compounds } = JSON.parse(readFileSync(new URL('.vscode/launch.json', root), 'utf8'));
    const expected = doors.slice(0, 5).map((door, at) => [door.function.replace('two-region-api-dev-', ''), 9229 + at]);
    expect(configurations.map(({ name, port }: { name: string; port: number }) => [name, port])).toEqual(expected);
    expect(compounds[0].configurations).toEqual(expected.map(([name]) => name));
  });
});
