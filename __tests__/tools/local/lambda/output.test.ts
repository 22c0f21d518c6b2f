import { describe, expect, it } from 'vitest';
import { functionLines, startHandler } from './lambda-fixture.ts';

function requestIdOf(result: object): string {
  if (!('requestId' in result)) throw new Error('no request id');
  return String(result.requestId);
}

describe('what a function prints', () => {
  it('is reported with its request id, in order, before the answer', async () => {
    const { invoke, log } = startHandler(`exports.handler = async (event) => {
      console.log('number %d of', event.n, { n: event.n });
      console.error('one', 'call\\ntwo lines');
      process.stdout.write('half a ');
      process.stdout.write('line\\nand ');
      process.stdout.write(Buffer.from('the rest'));
      process.stderr.write('to stderr\\n');
    }`);
    const [one, two] = await Promise.all([invoke({ n: 1 }), invoke({ n: 2 })]);
    for (const [n, result] of [one, two].entries()) {
      expect(functionLines(log, requestIdOf(result ?? {}))).toEqual([
        `number ${n + 1} of { n: ${n + 1} }`,
        'one call\ntwo lines',
        'half a line',
        'to stderr',
        'and the rest',
      ]);
    }
    const [event] = log.query(({ kind }) => kind === 'function');
    expect(event).toMatchObject({ region: 'primary', logGroup: '/aws/lambda/example' });
    expect(Math.abs((event?.time ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('is reported with the alias that was invoked, as aliases of one version share a process', async () => {
    const { service, log } = startHandler(`exports.handler = async (event) => {
      if (event.fail) throw new Error('on purpose');
      console.log(event.n);
    }`);
    const invoke = (qualifier: string, payload: object) =>
      service.invoke({ functionName: 'example', qualifier, payload: JSON.stringify(payload) });
    await Promise.all([invoke('envA', { n: 'A' }), invoke('envB', { n: 'B' })]);
    await invoke('envB', { fail: true });
    const told = log.query(() => true).flatMap((event) => (event.kind === 'function' ? [event] : []));
    expect(told.map(({ environment, line }) => [line.split('\t')[0], environment]).sort()).toEqual([
      ['A', 'envA'],
      ['B', 'envB'],
      ['Invoke Error', 'envB'],
    ]);
  });

  it('while loading belongs to the request that waits for it', async () => {
    const { invoke, log } = startHandler(`console.log('loading'); exports.handler = async () => 1`);
    expect(functionLines(log, requestIdOf(await invoke()))).toEqual(['loading']);
  });

  it('after the answer still arrives', async () => {
    const { invoke, log } = startHandler(`exports.handler = async () => { setTimeout(() => console.log('late'), 20) }`);
    const requestId = requestIdOf(await invoke());
    await expect.poll(() => functionLines(log, requestId), { timeout: 60_000 }).toEqual(['late']);
  });

  it('past the streams of Node.js arrives too', async () => {
    const { invoke, log } = startHandler(`exports.handler = async () => { require('node:fs').writeSync(1, 'raw\\n') }`);
    const requestId = requestIdOf(await invoke());
    await expect.poll(() => functionLines(log, requestId), { timeout: 60_000 }).toEqual(['raw']);
  });

  it('is cut at 256 KB a line', async () => {
    const { invoke, log } = startHandler(`exports.handler = async () => { console.log('x'.repeat(1e6)) }`);
    const [line] = functionLines(log, requestIdOf(await invoke()));
    expect(line).toHaveLength(262_144);
  });

  it('of console methods that write to the streams is captured', async () => {
    const { invoke, log } = startHandler(
      `const { Console } = require('node:console');
       exports.handler = async () => { new Console({ stdout: process.stdout, stderr: process.stderr }).info('own console'); console.table([{ a: 1 }]); console.trace('here') }`,
    );
    const text = functionLines(log, requestIdOf(await invoke())).join('\n');
    expect(text).toContain('own console');
    expect(text).toContain('(index)');
    expect(text).toContain('Trace: here');
  });
});
