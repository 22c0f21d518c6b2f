import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDoors, type Debugging, type DoorFacts, type Doors } from '#local/debug/doors.ts';
import { functionLines, startHandler } from '#tests/tools/local/lambda/lambda-fixture.ts';
import { connectDevtools } from './devtools.ts';

let doors: Doors;
const opened: DoorFacts[] = [];
beforeEach(() => {
  opened.length = 0;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await doors?.close();
});

async function start(source: string, options: Partial<Debugging> = {}) {
  doors = createDoors({ port: 0, waits: false, onDoor: (door) => opened.push(door), ...options });
  const handler = startHandler(source, {}, { debugging: { doors, sourceMapUrl: () => undefined } });
  await doors.opened();
  return { ...handler, port: opened.find(({ version }) => version === '3')?.port ?? 0 };
}

describe('the door of a function (B14)', { timeout: 120_000 }, () => {
  it('opens at the start, and starts a process for whoever comes first; the port stays when the process goes', async () => {
    const { port, invoke } = await start(`
      let calls = 0;
      exports.handler = async (event) => { if (event.end) process.exit(1); return { calls: ++calls, pid: process.pid }; }`);
    expect(opened.map(({ version, region }) => [version, region])).toEqual([
      ['3', 'primary'],
      ['$LATEST', 'primary'],
    ]);
    const pidOf = async () => {
      const devtools = await connectDevtools(port);
      const { result } = await devtools.send('Runtime.evaluate', { expression: 'process.pid' });
      devtools.close();
      return Object(result).value;
    };
    const pid = await pidOf();
    expect(await invoke()).toMatchObject({ ok: true, payload: { calls: 1, pid } });
    expect(await invoke({ end: true })).toMatchObject({ ok: false, kind: 'crash' });
    const next = await pidOf();
    expect(next).not.toBe(pid);
    expect(await invoke()).toMatchObject({ ok: true, payload: { calls: 1, pid: next } });
  });

  it('goes on when whoever stopped the function leaves', async () => {
    const { port, invoke } = await start('exports.handler = async () => { debugger; return "on"; }');
    const devtools = await connectDevtools(port);
    await devtools.send('Debugger.enable');
    const result = invoke();
    await devtools.event('Debugger.paused');
    devtools.close();
    expect(await result).toMatchObject({ ok: true, payload: 'on' });
  });

  it('lets a function wait for a debugger before it is loaded, and no time passes meanwhile (--inspect-brk)', async () => {
    const { port, invoke, log } = await start('exports.handler = async () => "loaded"', { waits: true });
    const result = invoke();
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 120_000);
    const devtools = await connectDevtools(port);
    await devtools.send('Debugger.enable');
    await devtools.send('Runtime.runIfWaitingForDebugger');
    await devtools.event('Debugger.paused');
    await devtools.send('Debugger.resume');
    expect(await result).toMatchObject({ ok: true, payload: 'loaded' });
    expect(functionLines(log)).toEqual([]);
    devtools.close();
  });

  it('counts the time that a function has left without that in which it stands', async () => {
    const { port, invoke } = await start(`exports.handler = async (event, context) => {
      const before = context.getRemainingTimeInMillis();
      debugger;
      return before - context.getRemainingTimeInMillis();
    }`);
    const devtools = await connectDevtools(port);
    await devtools.send('Debugger.enable');
    const result = invoke();
    await devtools.event('Debugger.paused');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await devtools.send('Debugger.resume');
    const { payload } = Object(await result);
    expect(payload).toBeLessThanOrEqual(250);
    devtools.close();
  });
});
