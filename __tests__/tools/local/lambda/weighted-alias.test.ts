import { describe, expect, it } from 'vitest';
import { measureInvocations } from '#local/cloudwatch/measure.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { LambdaOptions } from '#local/lambda/lambda.ts';
import type { LambdaFunction } from '#local/model/model.ts';
import { exampleFunction, startLambda, writePackage } from './lambda-fixture.ts';

/** Tells its version, and fails when it is told to. */
const SOURCE = (tag: string) => `exports.handler = async (event) => {
  if (event.fail === ${JSON.stringify(tag)}) throw new Error('broken');
  return [${JSON.stringify(tag)}, process.env.AWS_LAMBDA_FUNCTION_VERSION];
};`;

function weighted(share: number): LambdaFunction {
  const packageOf = (tag: string) => ({
    source: writePackage({ 'index.js': SOURCE(tag) }),
    codeSha256: tag,
    aliases: [],
  });
  const next = exampleFunction({ ...packageOf('new'), version: '4' });
  const aliases = [
    { name: 'envA', functionVersion: '3', weighted: { version: '4', share, lambdaFunction: next } },
    { name: 'envB', functionVersion: '3' },
  ];
  return exampleFunction({ ...packageOf('old'), aliases });
}

function start(lambdaFunction: LambdaFunction, options: Partial<LambdaOptions> = {}) {
  const { service } = startLambda(lambdaFunction, options);
  const store = new MetricStore(1, () => 0);
  const measured = measureInvocations(store, 'eu-central-1', service.invoke as InvokeFunction);
  const invoke = (qualifier: string, event: unknown = {}) =>
    measured({ functionName: 'example', qualifier, payload: JSON.stringify(event) });
  const statistic = (version: string | undefined, name: string, of: string) =>
    store
      .series({
        region: 'eu-central-1',
        namespace: 'AWS/Lambda',
        name,
        dimensions: {
          FunctionName: 'example',
          Resource: 'example:envA',
          ...(version !== undefined && { ExecutedVersion: version }),
        },
      })
      .statistic(0, 1, of);
  return { service, invoke, statistic };
}

/** 0, 0.1, … 0.9, and over again. */
function evenly(): () => number {
  let at = -1;
  return () => {
    at += 1;
    return (at % 10) / 10;
  };
}

describe('an alias with weights (B8)', () => {
  it('draws the version of each invocation, and counts by the version that ran', async () => {
    const { invoke, statistic } = start(weighted(0.1), { random: evenly() });
    const seen: unknown[] = [];
    for (let count = 0; count < 20; count++) {
      const result = await invoke('envA');
      seen.push(result.ok && result.payload);
    }
    expect(seen.filter((each) => String(each) === 'new,4')).toHaveLength(2);
    expect(seen.filter((each) => String(each) === 'old,3')).toHaveLength(18);
    expect(['3', '4', undefined].map((version) => statistic(version, 'Invocations', 'Sum'))).toEqual([18, 2, 20]);
  });

  it('counts what fails to the version that failed, and leaves out what a process takes to start', async () => {
    const { invoke, statistic } = start(weighted(0.5), { random: evenly() });
    const results = [];
    for (let count = 0; count < 10; count++) results.push(await invoke('envA', { fail: 'new' }));
    expect(results.filter(({ ok }) => !ok)).toHaveLength(5);
    expect(['3', '4'].map((version) => statistic(version, 'Errors', 'Sum'))).toEqual([0, 5]);
    // A process takes longer to start than this handler runs.
    const [ofHandlers = 0, asAWhole = 0] = ['4', undefined].map((each) => statistic(each, 'Duration', 'Maximum'));
    expect(ofHandlers).toBeLessThan(asAWhole);
  });

  it('leaves the other aliases alone, which have no metrics by version', async () => {
    const { service, invoke, statistic } = start(weighted(0.9), { random: () => 0 });
    expect(await invoke('envB')).toMatchObject({ payload: ['old', '3'] });
    expect(await invoke('envB')).not.toHaveProperty('executed');
    service.update([exampleFunction({ ...weighted(0.5), aliases: [{ name: 'envA', functionVersion: '3' }] })]);
    expect(await invoke('envA')).toMatchObject({ payload: ['old', '3'] });
    expect(statistic('3', 'Invocations', 'Sum')).toBeUndefined();
  });
});
