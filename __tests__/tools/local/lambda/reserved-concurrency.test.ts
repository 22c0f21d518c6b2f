import { describe, expect, it } from 'vitest';
import { measureInvocations } from '#local/cloudwatch/measure.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import { startHandler } from './lambda-fixture.ts';

/** Ends when a later invocation says so, or at once. */
const SOURCE = 'exports.handler = async (event) => new Promise((resolve) => setTimeout(() => resolve(1), event.wait));';

function start(reservedConcurrency: number, timeScale?: number) {
  const { service } = startHandler(SOURCE, { reservedConcurrency }, timeScale === undefined ? {} : { timeScale });
  const store = new MetricStore(1, () => 0);
  const measured = measureInvocations(store, 'eu-central-1', service.invoke as InvokeFunction);
  const invoke = (wait = 0, qualifier = 'envA') =>
    measured({ functionName: 'example', qualifier, payload: JSON.stringify({ wait }) });
  const sum = (name: string) =>
    store
      .series({ region: 'eu-central-1', namespace: 'AWS/Lambda', name, dimensions: { FunctionName: 'example' } })
      .statistic(0, 1, 'Sum');
  return { invoke, sum };
}

const throttled = { ok: false, kind: 'error', errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' };

describe('executions that a function keeps to itself (S3.8)', () => {
  it('are all it has, whichever of its versions runs, and are free again', async () => {
    const { invoke, sum } = start(2);
    await invoke();
    const under = [invoke(300), invoke(300, '$LATEST')];
    expect(await invoke()).toMatchObject(throttled);
    expect(await invoke(0, 'envB')).toMatchObject(throttled);
    for (const result of await Promise.all(under)) expect(result.ok).toBe(true);
    expect((await invoke()).ok).toBe(true);
    // What is throttled is no invocation.
    expect([sum('Invocations'), sum('Throttles'), sum('Errors')]).toEqual([4, 2, 0]);
  });

  it('do not bound what waits for the first process', async () => {
    const { invoke } = start(1);
    for (const result of await Promise.all([invoke(), invoke(), invoke()])) expect(result.ok).toBe(true);
  });

  it('are none where it keeps 0', async () => {
    expect(await start(0).invoke()).toMatchObject(throttled);
  });

  it('are as many more as health checks ask faster', async () => {
    const { invoke } = start(1, 3);
    await invoke();
    const under = [invoke(300), invoke(300), invoke(300)];
    expect(await invoke()).toMatchObject(throttled);
    await Promise.all(under);
  });
});
