import { describe, expect, it } from 'vitest';
import { matcherOf } from '#local/events/event-query.ts';
import { callingInvocation, invocationOf } from '#local/events/spans.ts';
import { exampleFunction, functionArn, startHandler, startLambda, writePackage } from './lambda-fixture.ts';

const shout = `event => ({ shouted: event.text.toUpperCase() })`;

describe('packages', () => {
  const packages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'CommonJS in index.js': { 'index.js': `exports.handler = async ${shout}` },
    'CommonJS in index.cjs': { 'index.cjs': `exports.handler = async ${shout}` },
    'an ECMAScript module in index.mjs': { 'index.mjs': `export const handler = async ${shout}` },
    'an ECMAScript module by its package.json': {
      'index.js': `export const handler = async ${shout}`,
      'package.json': '{"type":"module"}',
    },
    'CommonJS that requires a file of the package': {
      'index.js': `exports.handler = require('./lib/shout')`,
      'lib/shout.js': `module.exports = async ${shout}`,
    },
  };
  for (const [name, files] of Object.entries(packages)) {
    it(`runs ${name}`, async () => {
      const { service } = startLambda(exampleFunction({ source: writePackage(files) }));
      const result = await service.invoke({ functionName: 'example', qualifier: 'envA', payload: '{"text":"grüße"}' });
      expect(result).toMatchObject({ ok: true, payload: { shouted: 'GRÜSSE' } });
    });
  }

  it('takes index.js as CommonJS below a folder that declares modules, which is not part of the package', async () => {
    const folder = writePackage({
      'package.json': '{"type":"module"}',
      'bundle/index.js': `const { shout } = require('./shout.js'); exports.handler = shout`,
      'bundle/shout.js': `exports.shout = async ${shout}`,
    });
    const { service } = startLambda(exampleFunction({ source: `${folder}/bundle` }));
    const result = await service.invoke({ functionName: 'example', payload: '{"text":"a"}' });
    expect(result).toMatchObject({ ok: true, payload: { shouted: 'A' } });
  });

  it('runs a package that is a single file, and a handler deeper in its exports', async () => {
    const folder = writePackage({ 'main.js': `exports.api = { v1: { run: async () => 'deep' } }` });
    const { service } = startLambda(exampleFunction({ source: `${folder}/main.js`, handler: 'main.api.v1.run' }));
    expect(await service.invoke({ functionName: 'example', payload: '{}' })).toMatchObject({
      ok: true,
      payload: 'deep',
    });
  });
});

describe('ways to answer', () => {
  const answers: Readonly<Record<string, readonly [body: string, payload: unknown]>> = {
    'a promise': [`async () => [1, 'two', null]`, [1, 'two', null]],
    'the callback': [`(event, context, callback) => callback(null, 'called')`, 'called'],
    'the callback, later': [`(event, context, callback) => { setTimeout(() => callback(null, 'later'), 5) }`, 'later'],
    'context.succeed': [`(event, context) => context.succeed('succeeded')`, 'succeeded'],
    'context.done': [`(event, context) => context.done(null, 'done')`, 'done'],
    'undefined, which becomes null': ['async () => undefined', null],
    'a function, which JSON has no word for': ['async () => () => 1', null],
    'lone surrogates, tabs and line ends': ['async () => "\\ud800\\t\\n\\u2028"', '\ud800\t\n\u2028'],
    'a value without a promise, which Lambda ignores': [`() => 'ignored'`, null],
    'nothing at all, once the event loop is empty': ['() => {}', null],
    'something with a method named then': [`(e, context) => context.succeed({ kept: 1, then() {} })`, { kept: 1 }],
    'what toJSON says': ['async () => new Date(0)', '1970-01-01T00:00:00.000Z'],
  };
  for (const [name, [body, payload]] of Object.entries(answers)) {
    it(`answers with ${name}`, async () => {
      const { invoke } = startHandler(`exports.handler = ${body}`);
      expect(await invoke()).toEqual({ ok: true, payload, requestId: expect.any(String) });
    });
  }

  it('waits for the event loop after a callback unless callbackWaitsForEmptyEventLoop is false', async () => {
    const handler = (flag: string) => `let late = false;
      exports.handler = (event, context, callback) => {
        if (event.ask) return callback(null, late);
        ${flag}
        setTimeout(() => { late = true }, 300);
        callback(null, 'called');
      }`;
    const waiting = startHandler(handler(''));
    await waiting.invoke();
    expect(await waiting.invoke({ ask: true })).toMatchObject({ payload: true });
    const hasty = startHandler(handler('context.callbackWaitsForEmptyEventLoop = false;'));
    await hasty.invoke();
    expect(
      await hasty.service.invoke({ functionName: 'example', qualifier: 'envA', payload: '{"ask":true}' }),
    ).toMatchObject({
      payload: false,
    });
  });
});

describe('the event and the context', () => {
  it('passes the event as it was written in JSON', async () => {
    const { service } = startHandler('exports.handler = async (event) => event');
    const call = (payload: string) => service.invoke({ functionName: 'example', payload });
    const event = { text: '\u0000"\\\n\t€😀\udc00', deep: [[[{ __proto__: null }]]], number: -0.1e-7 };
    for (const indent of ['', '\t', '\r']) {
      const json = JSON.stringify(event, null, indent).replaceAll('\n', ' ');
      expect(await call(json)).toMatchObject({ payload: JSON.parse(json) });
    }
    expect(await call('null')).toMatchObject({ payload: null });
  });

  it('tells the handler who it is', async () => {
    const { service } = startHandler(
      `exports.handler = async (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() })`,
      { timeoutSeconds: 7, memoryMb: 192 },
    );
    const result = await service.invoke({ functionName: 'example', qualifier: 'envB', payload: '{}' });
    if (!result.ok) throw new Error('failed');
    expect(result.payload).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'example',
      functionVersion: '3',
      invokedFunctionArn: `${functionArn}:envB`,
      memoryLimitInMB: '192',
      awsRequestId: result.requestId,
      logGroupName: '/aws/lambda/example',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[3\][0-9a-f]{32}$/),
      remaining: expect.toSatisfy((value: number) => value > 6000 && value <= 7000),
    });
    expect(result.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the trace header of an invocation', () => {
  it("has its trace's root, and names the invocation, for whatever the function calls (B15, S3.7)", async () => {
    const source = writePackage({
      'index.js': `exports.handler = async (event, { awsRequestId }) => {
        console.log(process.env._X_AMZN_TRACE_ID);
        return [process.env._X_AMZN_TRACE_ID, awsRequestId];
      }`,
    });
    const { service, log } = startLambda(exampleFunction({ source }));
    const headers = { 'X-Amzn-Trace-Id': 'Root=1-00000000-000000000000000000000000' };
    for (const traceId of ['1-67891233-abcdef012345678912345678', undefined]) {
      // What an event says is the caller's, who may write anything.
      const payload = JSON.stringify({ headers });
      const result = await service.invoke({ functionName: 'example', payload, ...(traceId && { traceId }) });
      const [header, id] = result.ok && Array.isArray(result.payload) ? result.payload : [];
      expect(callingInvocation(header)).toBe(invocationOf(id));
      const [, root = ''] = /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24});/.exec(header) ?? [];
      if (traceId === undefined) expect(root).toMatch(/^1-(?!00000000)/);
      else expect(root).toBe(traceId);
      expect(log.query(matcherOf({ traceId: root }))).toMatchObject([{ requestId: id, traceId: root }]);
      expect(log.query(matcherOf({ traceId: `Root=${root}` }))).toHaveLength(1);
    }
  });
});
