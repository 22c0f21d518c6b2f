import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exampleFunction, isRunning, startHandler, startLambda, writePackage } from './lambda-fixture.ts';

const lambda = fileURLToPath(new URL('../../../../tools/local/lambda/lambda.ts', import.meta.url));
const runtimeLog = fileURLToPath(new URL('../../../../tools/local/events/runtime-log.ts', import.meta.url));
const countInvocations = `let count = 0; exports.handler = async () => ({ count: ++count, pid: process.pid })`;

/** What a handler answered, with the process that it ran in. */
interface Answer {
  readonly count: number;
  readonly pid: number;
}

function answerOf(result: { readonly ok: boolean; readonly payload?: unknown }): Answer {
  const { payload } = result;
  if (typeof payload !== 'object' || payload === null || !('count' in payload) || !('pid' in payload)) {
    throw new Error(`Not an answer: ${JSON.stringify(result)}`);
  }
  return { count: Number(payload.count), pid: Number(payload.pid) };
}

describe('versions', () => {
  it('shares a pool between the aliases of a version, and keeps $LATEST apart', async () => {
    const { service } = startLambda(exampleFunction({ source: writePackage({ 'index.js': countInvocations }) }));
    const call = async (qualifier?: string) =>
      answerOf(await service.invoke({ functionName: 'example', payload: '{}', ...(qualifier ? { qualifier } : {}) }));
    const first = await call('envA');
    expect(await call('envB')).toEqual({ count: 2, pid: first.pid });
    expect(await call('3')).toEqual({ count: 3, pid: first.pid });
    const latest = await call('$LATEST');
    expect(latest.count).toBe(1);
    expect(latest.pid).not.toBe(first.pid);
    expect(await call()).toEqual({ count: 2, pid: latest.pid });
    expect(await call('preview')).toEqual({ count: 3, pid: latest.pid });
  });

  it('keeps its processes where it runs what it ran, by another name; starts others for other code (B14)', async () => {
    const [quick, other] = [countInvocations, countInvocations].map((text) => writePackage({ 'index.js': text }));
    const runs = { source: quick ?? '', codeSha256: 'quick' };
    const fast = exampleFunction(runs);
    const { service } = startLambda(fast);
    const call = async () =>
      answerOf(await service.invoke({ functionName: 'example', payload: '{}', qualifier: 'envA' }));
    const first = await call();
    service.update([{ ...fast, source: other ?? '', codeSha256: 'deployed', runs }]);
    expect(await call()).toEqual({ count: 2, pid: first.pid });
    service.update([{ ...fast, source: other ?? '', codeSha256: 'deployed', runs: undefined }]);
    const next = await call();
    expect(next.count).toBe(1);
    expect(next.pid).not.toBe(first.pid);
  });

  it('says not-found of unknown functions and qualifiers', async () => {
    const { service } = startLambda(exampleFunction({ source: writePackage({ 'index.js': countInvocations }) }));
    const call = (functionName: string, qualifier: string) =>
      service.invoke({ functionName, qualifier, payload: '{}' });
    expect(await call('other', 'envA')).toEqual({
      ok: false,
      kind: 'not-found',
      message: 'Function not found: other:envA',
    });
    for (const qualifier of ['envC', '4', '', 'constructor']) {
      expect(await call('example', qualifier)).toMatchObject({ ok: false, kind: 'not-found' });
    }
  });
});

describe('the life of a process', () => {
  it('ends with the runtime, even when that is killed', async () => {
    const folder = writePackage({ 'index.js': countInvocations });
    const script = `
      import { createLambda } from ${JSON.stringify(lambda)};
      import { RuntimeLog } from ${JSON.stringify(runtimeLog)};
      const service = createLambda({
        functions: [${JSON.stringify(exampleFunction({ source: folder }))}], region: 'eu-central-1', regionType: 'primary',
        endpointEnvironment: {}, credentialsFor: () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }), log: new RuntimeLog(),
      });
      const result = await service.invoke({ functionName: 'example', payload: '{}' });
      console.log(result.payload.pid);`;
    const runtime = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
    onTestFinished(() => void runtime.kill('SIGKILL'));
    const [printed] = await once(runtime.stdout, 'data');
    const pid = Number(printed);
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isRunning(pid)).toBe(true);
    runtime.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 60_000 }).toBe(false);
  });
});

describe('a process that never yields', () => {
  it('ends with a runtime that is killed', async () => {
    const loop = `exports.handler = async () => { console.log('pid ' + process.pid); setImmediate(() => { for (;;); }); await new Promise(() => {}) }`;
    const folder = writePackage({ 'index.js': loop });
    const script = `
      import { createLambda } from ${JSON.stringify(lambda)};
      import { RuntimeLog } from ${JSON.stringify(runtimeLog)};
      const log = new RuntimeLog();
      log.subscribe(({ line }) => console.log(line));
      const service = createLambda({
        functions: [${JSON.stringify(exampleFunction({ source: folder, timeoutSeconds: 600 }))}], region: 'eu-central-1', regionType: 'primary',
        endpointEnvironment: {}, credentialsFor: () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }),
        log,
      });
      void service.invoke({ functionName: 'example', payload: '{}' });`;
    const runtime = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
    onTestFinished(() => void runtime.kill('SIGKILL'));
    const [printed] = await once(runtime.stdout, 'data');
    const pid = Number(/pid (\d+)/.exec(String(printed))?.[1]);
    onTestFinished(() => {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    });
    expect(isRunning(pid)).toBe(true);
    runtime.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 60_000 }).toBe(false);
  });
});

describe('the environment of the process', () => {
  it("S3.2 holds Lambda's variables, the function's and the endpoints, and nothing of the host's", async () => {
    const { invoke } = startHandler(
      'exports.handler = async () => ({ env: process.env, execArgv: process.execArgv, cwd: process.cwd(), zone: new Date(0).getTimezoneOffset() })',
      { environment: { TABLE_A_NAME: 'a', AWS_REGION: 'not-mine', AWS_ENDPOINT_URL_S3: 'not-mine' }, memoryMb: 200 },
      {
        endpointEnvironment: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
        credentialsFor: (role) => ({ accessKeyId: `key of ${role}`, secretAccessKey: 'secret', sessionToken: 'token' }),
      },
    );
    const result = await invoke();
    const taskRoot = expect.stringContaining('two-region-lambda-');
    expect(result).toMatchObject({
      ok: true,
      payload: {
        execArgv: ['--max-old-space-size=180', '--require', expect.stringContaining('network-guard')],
        cwd: taskRoot,
        zone: 0,
      },
    });
    expect(result.ok && Object(result.payload).env).toEqual({
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
      AWS_ACCESS_KEY_ID: 'key of arn:aws:iam::123456789012:role/example',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
      AWS_EXECUTION_ENV: expect.stringMatching(/^AWS_Lambda_nodejs\d+\.x$/),
      AWS_LAMBDA_FUNCTION_NAME: 'example',
      AWS_LAMBDA_FUNCTION_VERSION: '3',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '200',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/example',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
      LAMBDA_TASK_ROOT: taskRoot,
      LANG: 'en_US.UTF-8',
      PATH: expect.any(String),
      TABLE_A_NAME: 'a',
      TZ: ':UTC',
    });
  });
});

describe('the pool', () => {
  it('is told the runtime that the configuration names, whichever Node.js runs it (B14)', async () => {
    const { invoke } = startHandler('exports.handler = async () => process.env.AWS_EXECUTION_ENV;', {
      runtime: 'nodejs24.x',
    });
    expect(await invoke()).toMatchObject({ ok: true, payload: 'AWS_Lambda_nodejs24.x' });
  });

  it('starts nothing before the first invocation', async () => {
    const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
    // Those of the tests before may be on their way out.
    await expect.poll(children, { timeout: 60_000 }).toBe(0);
    const { service, invoke } = startHandler(countInvocations);
    expect(children()).toBe(0);
    await invoke();
    expect(children()).toBe(1);
    await service.close();
    await expect.poll(children, { timeout: 60_000 }).toBe(0);
  });

  it('never runs two invocations at a time in one process', async () => {
    const { invoke } = startHandler(`let running = 0;
      exports.handler = async () => {
        running += 1;
        const seen = running;
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        return seen;
      }`);
    const results = await Promise.all(Array.from({ length: 200 }, () => invoke()));
    expect(results.every((result) => result.ok && result.payload === 1)).toBe(true);
  });

  it('starts further processes for requests that wait, up to the limit', async () => {
    const { invoke } = startHandler(
      `exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 200)); return { count: 0, pid: process.pid } }`,
      {},
      { limits: { maxEnvironments: 3 } },
    );
    const answers = (await Promise.all(Array.from({ length: 24 }, () => invoke()))).map(answerOf);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
  });

  it('leaves brief invocations to one process, also when another is idle', async () => {
    const { invoke } = startHandler(`exports.handler = async ({ wait }) => {
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      return { count: 0, pid: process.pid };
    }`);
    const pids = async (event: object) =>
      new Set((await Promise.all([invoke(event), invoke(event)])).map((result) => answerOf(result).pid)).size;
    await expect.poll(() => pids({ wait: 300 }), { timeout: 60_000 }).toBe(2);
    for (let n = 0; n < 100; n++) await invoke();
    await expect.poll(() => pids({}), { timeout: 60_000 }).toBe(1);
  });

  it('passes on what waits behind an invocation that turns out long', async () => {
    const { invoke } = startHandler(
      `exports.handler = async (event) => { if (event.long) await new Promise((resolve) => setTimeout(resolve, 8000)); return event.n }`,
    );
    for (let n = 0; n < 50; n++) await invoke({ n });
    const long = invoke({ long: true });
    const others = await Promise.all(Array.from({ length: 20 }, (_, n) => invoke({ n })));
    expect(others.map((result) => result.ok && result.payload)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(await Promise.race([long, Promise.resolve('still running')])).toBe('still running');
  });

  it('ends idle processes, and starts one again when it is needed', async () => {
    const { invoke } = startHandler(countInvocations, {}, { limits: { idleSeconds: 0.1 } });
    const first = answerOf(await invoke());
    await expect.poll(() => isRunning(first.pid), { timeout: 60_000 }).toBe(false);
    const second = answerOf(await invoke());
    expect(second.count).toBe(1);
    expect(second.pid).not.toBe(first.pid);
  });

  it('closes while handlers loop, and answers what was under way', async () => {
    const { service, invoke } = startHandler(
      `exports.handler = async (event) => { if (event.loop) for (;;); return { count: 0, pid: process.pid } }`,
      {},
      { limits: { maxEnvironments: 1 } },
    );
    const { pid } = answerOf(await invoke());
    const under = [invoke({ loop: true }), invoke(), invoke()];
    await new Promise((resolve) => setTimeout(resolve, 50));
    await service.close();
    await service.close();
    expect(isRunning(pid)).toBe(false);
    for (const result of await Promise.all(under)) expect(result).toMatchObject({ ok: false, kind: 'crash' });
    expect(await invoke()).toMatchObject({ ok: false, kind: 'crash', message: expect.stringContaining('has ended') });
  });
});
