import { describe, expect, it } from 'vitest';
import {
  exampleFunction,
  functionLines,
  isRunning,
  startHandler,
  startLambda,
  writePackage,
} from './lambda-fixture.ts';

describe('errors of the handler', () => {
  const errors: Readonly<Record<string, readonly [body: string, errorType: string, errorMessage: string]>> = {
    'an error thrown at once': [`() => { throw new TypeError('at once') }`, 'TypeError', 'at once'],
    'a rejected promise': [`async () => { throw new RangeError('400: id') }`, 'RangeError', '400: id'],
    'an error class of its own': [
      `async () => { class NotThere extends Error { name = 'NotThere' } throw new NotThere('x') }`,
      'NotThere',
      'x',
    ],
    'a thrown string': [`async () => { throw 'just text' }`, 'string', 'just text'],
    'a thrown number': ['() => { throw 42 }', 'number', '42'],
    'a rejection without a reason': ['() => Promise.reject()', 'string', 'handled'],
    'an error through the callback': [`(e, c, callback) => callback(new Error('called'))`, 'Error', 'called'],
    'context.fail': [`(e, context) => context.fail(new Error('failed'))`, 'Error', 'failed'],
    'an object that cannot be text': ['async () => { throw Object.create(null) }', 'handled', expect.any(String)],
    'a circular answer': [
      'async () => { const a = {}; a.a = a; return a }',
      'Runtime.UnhandledPromiseRejection',
      'Error: Unable to stringify response body',
    ],
    'a BigInt answer': [
      'async () => ({ n: 1n })',
      'Runtime.UnhandledPromiseRejection',
      'Error: Unable to stringify response body',
    ],
    'an unhandled rejection': [
      `() => { Promise.reject(new Error('nobody listens')); return new Promise((r) => setTimeout(r, 5000)) }`,
      'Runtime.UnhandledPromiseRejection',
      'Error: nobody listens',
    ],
    'an exception outside the promise': [
      `() => new Promise(() => setTimeout(() => { throw new Error('outside') }))`,
      'Error',
      'outside',
    ],
    'a promise that can never settle': ['() => new Promise(() => {})', 'Runtime.NodeJsExit', expect.any(String)],
  };
  for (const [name, [body, errorType, errorMessage]] of Object.entries(errors)) {
    it(`answers ${name}, and the next request is served`, async () => {
      const { invoke } = startHandler(
        `const fail = ${body}; exports.handler = (event, context, callback) => event.fine ? Promise.resolve('fine') : fail(event, context, callback)`,
      );
      const result = await invoke();
      expect(result).toMatchObject({ ok: false, kind: 'error', errorType, errorMessage });
      expect(await invoke({ fine: true })).toMatchObject({ ok: true, payload: 'fine' });
    });
  }

  it('gives the stack in the trace and in the log', async () => {
    const { invoke, log } = startHandler(`exports.handler = async function bake() { throw new Error('burnt') }`);
    const result = await invoke();
    if (result.ok || result.kind !== 'error') throw new Error('not an error');
    expect(result).toMatchObject({
      errorType: 'Error',
      errorMessage: 'burnt',
      trace: expect.arrayContaining(['Error: burnt', expect.stringMatching(/at (Object\.)?bake .*index\.js:1:/)]),
    });
    expect(functionLines(log, result.requestId).join()).toContain('burnt');
  });
});

describe('functions that cannot be loaded', () => {
  const broken: Readonly<Record<string, readonly [source: string, errorType: string, errorMessage: unknown]>> = {
    'a syntax error': ['exports.handler = (', 'Runtime.UserCodeSyntaxError', expect.stringContaining('SyntaxError')],
    'a missing module': [
      `require('not-installed')`,
      'Runtime.ImportModuleError',
      expect.stringContaining('not-installed'),
    ],
    'no such export': ['exports.other = 1', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    'an export that is no function': [
      'exports.handler = 1',
      'Runtime.HandlerNotFound',
      'index.handler is not a function',
    ],
    'an error while loading': [`throw new RangeError('at load')`, 'RangeError', 'at load'],
  };
  for (const [name, [source, errorType, errorMessage]] of Object.entries(broken)) {
    it(`says ${name} to every request that waits`, async () => {
      const { invoke } = startHandler(source);
      const results = await Promise.all(Array.from({ length: 30 }, () => invoke()));
      for (const result of results) expect(result).toMatchObject({ ok: false, kind: 'error', errorType, errorMessage });
      expect(new Set(results.map((result) => ('requestId' in result ? result.requestId : ''))).size).toBe(30);
    });
  }

  it('says why nobody has the package', async () => {
    const missing = 'No package at s3://elsewhere/key.zip: no stack uploads it';
    const { service } = startLambda(exampleFunction({ source: 's3://elsewhere/key.zip', packed: { missing } }));
    expect(await service.invoke({ functionName: 'example', payload: '{}' })).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: `Error: ${missing}.`,
    });
  });

  it('says that the package is not there', async () => {
    const { service } = startLambda(exampleFunction({ source: '/nowhere/at/all' }));
    expect(await service.invoke({ functionName: 'example', payload: '{}' })).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining('/nowhere/at/all'),
    });
  });

  it('says that the file or the handler name is wrong', async () => {
    const source = writePackage({ 'index.js': '' });
    for (const [handler, errorType] of [
      ['other.handler', 'Runtime.ImportModuleError'],
      ['handler', 'Runtime.MalformedHandlerName'],
      ['../index.handler', 'Runtime.MalformedHandlerName'],
    ] as const) {
      const { service } = startLambda(exampleFunction({ source, handler }));
      expect(await service.invoke({ functionName: 'example', payload: '{}' })).toMatchObject({ errorType });
    }
  });

  it('reports a process that exits while it loads', async () => {
    const { invoke } = startHandler('process.exit(9)');
    expect(await invoke()).toMatchObject({ kind: 'crash', message: expect.stringContaining('exit status 9') });
  });
});

describe('an init that fails', () => {
  /** Fails to load as often as `times` says, and remembers in a file beside it how often it was loaded. */
  const failing = (times: number, how: string) => `
    const { appendFileSync, readFileSync } = require('node:fs');
    const file = require('node:path').join(__dirname, 'loads');
    appendFileSync(file, 'x');
    if (readFileSync(file, 'utf8').length <= ${times}) { ${how} }
    exports.handler = async () => readFileSync(file, 'utf8').length;`;

  it.each([
    ['its process is killed', `process.kill(process.pid, 'SIGKILL')`],
    ['it throws', `throw new Error('not yet')`],
  ])('is repeated once when %s, and no request that waits hears of it', async (_, how) => {
    const { invoke } = startHandler(failing(1, how));
    const results = await Promise.all(Array.from({ length: 5 }, () => invoke()));
    expect(results.map((result) => result.ok && result.payload)).toEqual([2, 2, 2, 2, 2]);
  });

  it('fails those who wait the second time, and is tried again for the next request', async () => {
    const { invoke } = startHandler(failing(2, `process.kill(process.pid, 'SIGKILL')`));
    const results = await Promise.all([invoke(), invoke()]);
    for (const result of results) expect(result).toMatchObject({ ok: false, kind: 'crash' });
    expect(await invoke()).toMatchObject({ ok: true, payload: 3 });
  });
});

describe('crashes and timeouts', () => {
  const crashes: Readonly<Record<string, readonly [body: string, reason: string]>> = {
    'process.exit(0)': ['process.exit(0)', 'Runtime exited without providing a reason'],
    'process.exit(3)': ['process.exit(3)', 'Runtime exited with error: exit status 3'],
    'process.abort': ['process.abort()', 'Runtime exited with error: signal: aborted'],
    'a kill signal': [`process.kill(process.pid, 'SIGKILL')`, 'Runtime exited with error: signal: killed'],
    'an array that grows for ever': ['const a = []; for (;;) a.push({})', 'Runtime exited with error: signal: '],
    'a map that grows for ever': [
      'const m = new Map(); for (let i = 0; ; i++) m.set(i, i)',
      'Runtime exited with error: signal: ',
    ],
    'one array that is too large': ['return new Array(5e7).fill({}).length', 'Runtime exited with error: signal: '],
    'buffers that V8 does not count': [
      'const b = []; for (;;) { b.push(Buffer.alloc(1e6, 1)); await new Promise((r) => setTimeout(r, 1)) }',
      'Runtime exited with error: signal: killed',
    ],
    'garbage on the channel of the runtime': [
      `require('node:fs').writeSync(3, 'A\\tx\\ty\\n'); await new Promise((r) => setTimeout(r, 5000))`,
      'file descriptor 3',
    ],
  };
  for (const [name, [body, reason]] of Object.entries(crashes)) {
    it(`survives ${name}`, async () => {
      const { invoke } = startHandler(`exports.handler = async (event) => { if (event.fine) return 'fine'; ${body} }`, {
        memoryMb: 128,
        // How long memory takes to fill up is the machine's business.
        timeoutSeconds: 900,
      });
      const result = await invoke();
      expect(result).toMatchObject({ ok: false, kind: 'crash', errorType: 'Runtime.ExitError' });
      if (result.ok || result.kind !== 'crash') throw new Error('not a crash');
      expect(result.message).toContain(
        `RequestId: ${result.requestId} Error: ${reason.startsWith('Runtime') ? reason : ''}`,
      );
      expect(result.message).toContain(reason);
      expect(await invoke({ fine: true })).toMatchObject({ ok: true, payload: 'fine' });
    }, 600_000);
  }

  for (const [name, body] of [
    ['an infinite loop', 'for (;;);'],
    ['a promise that takes too long', 'await new Promise((r) => setTimeout(r, 60000))'],
    ['a blocking wait for another program', `require('node:child_process').execFileSync('sleep', ['60'])`],
  ] as const) {
    it(`ends ${name} after the timeout and serves the next request`, async () => {
      const { invoke, log } = startHandler(
        `exports.handler = async (event) => { if (event.fine) return 'fine'; console.log('before'); ${body} }`,
        { timeoutSeconds: 1 },
      );
      const result = await invoke();
      if (result.ok || result.kind !== 'timeout') throw new Error('not a timeout');
      const message = `RequestId: ${result.requestId} Error: Task timed out after 1.00 seconds`;
      expect(result).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: message });
      expect(functionLines(log, result.requestId)).toEqual(['before', message]);
      expect(await invoke({ fine: true })).toMatchObject({ ok: true, payload: 'fine' });
    });
  }

  it.each([
    ['a crash', 'process.exit(1)', 'crash'],
    ['an unhandled rejection', `Promise.reject(new Error('x')); await new Promise(() => {})`, 'error'],
  ])('lets %s fail one request only, also when others were sent ahead', async (_, body, kind) => {
    const { invoke } = startHandler(
      `exports.handler = async (event) => { if (event.n === 150) { ${body} } return event.n }`,
      {},
      { limits: { maxEnvironments: 1 } },
    );
    const results = await Promise.all(Array.from({ length: 300 }, (_, n) => invoke({ n })));
    const failed = results.flatMap((result, n) => (result.ok ? [] : [{ n, kind: result.kind }]));
    expect(failed).toEqual([{ n: 150, kind }]);
    expect(results.flatMap((result, n) => (result.ok && result.payload !== n ? [n] : []))).toEqual([]);
  });

  it('goes on when a rejection follows the answer', async () => {
    const { invoke } = startHandler(`exports.handler = async (event) => {
      if (event.bad) setTimeout(() => Promise.reject(new Error('late')), 5);
      return process.pid;
    }`);
    const result = await invoke({ bad: true });
    const pid = Number(result.ok && result.payload);
    await expect.poll(() => isRunning(pid), { timeout: 60_000 }).toBe(false);
    expect(await invoke()).toMatchObject({ ok: true, payload: expect.any(Number) });
  });
});

describe('payload limits', () => {
  it('refuses an event over 6 MB, and takes one of exactly 6 MB', async () => {
    const { invoke } = startHandler('exports.handler = async (event) => event.length');
    expect(await invoke('x'.repeat(6_291_456 - 2))).toMatchObject({ ok: true, payload: 6_291_454 });
    expect(await invoke('x'.repeat(6_291_456 - 1))).toMatchObject({
      kind: 'error',
      errorType: 'RequestTooLargeException',
      errorMessage: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    });
    expect(await invoke('€'.repeat(2_097_152))).toMatchObject({ errorType: 'RequestTooLargeException' });
  });

  it('refuses an answer over 6 MB, and goes on', async () => {
    const { invoke } = startHandler(`exports.handler = async (length) => 'x'.repeat(length)`);
    const large = await invoke(6_291_554);
    expect(large.ok && String(large.payload).length).toBe(6_291_554);
    expect(await invoke(6_291_555)).toMatchObject({
      kind: 'error',
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
    });
    expect(await invoke(1)).toMatchObject({ ok: true, payload: 'x' });
  });
});
