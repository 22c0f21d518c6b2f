import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { measureVersions } from '#operator/aws/version-metrics.ts';
import { openSwitchRegion } from '#operator/switch/aws/open-switch-region.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';

const lambda = mockClient(LambdaClient);
const cloudWatch = mockClient(CloudWatchClient);
afterAll(() => {
  lambda.restore();
  cloudWatch.restore();
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  vi.unstubAllEnvs();
  lambda.reset();
  cloudWatch.reset();
});

const SINCE = '2026-11-29T10:00:30.000Z';

describe('a canary on AWS (B8)', () => {
  it('gives an alias one version and its share, and an empty map to the others, which alone takes what they had', async () => {
    lambda.on(UpdateAliasCommand).resolves({});
    const region = openSwitchRegion(context, 'secondary');
    await region.weigh('envA', ['app-user', 'app-test'], { 'app-user': { version: '4', share: 0.1 } });
    expect(lambda.commandCalls(UpdateAliasCommand).map(({ args }) => args[0].input)).toEqual([
      { FunctionName: 'app-user', Name: 'envA', RoutingConfig: { AdditionalVersionWeights: { 4: 0.1 } } },
      { FunctionName: 'app-test', Name: 'envA', RoutingConfig: { AdditionalVersionWeights: {} } },
    ]);
  });

  it('says no p99 before the first minute, that of first calls, is one of three', async () => {
    const values = (Id: string, Values: number[]) => ({ Id, Values });
    const two = [values('v0_0', [300, 300]), values('v0_1', []), values('v0_2', [900, 20])];
    cloudWatch.on(GetMetricDataCommand).resolvesOnce({ MetricDataResults: two });
    const client = new CloudWatchClient({ region: 'eu-central-1' });
    const asked = [{ functionName: 'app-user', version: '3' }];
    expect(await measureVersions(client, 'envA', asked, SINCE)).toEqual([
      { functionName: 'app-user', version: '3', requests: 600, errors: 0 },
    ]);
  });

  it('asks for the metrics by version of the alias, page by page, and takes the median of the p99', async () => {
    const page = (Values: number[], first: boolean) => ({
      MetricDataResults: [
        { Id: 'v0_0', Values },
        { Id: 'v0_1', Values: first ? [1] : [] },
        { Id: 'v0_2', Values: first ? [900, 20] : [30] },
      ],
      ...(first && { NextToken: 'more' }),
    });
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce(page([60, 50], true))
      .resolvesOnce(page([40], false));
    const client = new CloudWatchClient({ region: 'eu-central-1' });
    const asked = [
      { functionName: 'app-user', version: '3' },
      { functionName: 'app-user', version: '4' },
    ];
    expect(await measureVersions(client, 'envA', asked, SINCE)).toEqual([
      { functionName: 'app-user', version: '3', requests: 150, errors: 1, durationP99: 30 },
      { functionName: 'app-user', version: '4', requests: 0, errors: 0 },
    ]);
    const [first, second] = cloudWatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
    expect(second?.NextToken).toBe('more');
    expect(first?.StartTime).toEqual(new Date(SINCE));
    expect(first?.MetricDataQueries).toHaveLength(6);
    expect(first?.MetricDataQueries?.[5]).toEqual({
      Id: 'v1_2',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Duration',
          Dimensions: [
            { Name: 'FunctionName', Value: 'app-user' },
            { Name: 'Resource', Value: 'app-user:envA' },
            { Name: 'ExecutedVersion', Value: '4' },
          ],
        },
        Period: 60,
        Stat: 'p99',
      },
    });
  });
});
