import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { awsWatchAlarm, localWatchAlarm } from '#operator/alarms/watch-alarm.ts';
import { illRegions } from '#operator/status/ill-region.ts';
import { functionName, REGION_WATCH } from '#stacks/naming.ts';
import { context as shipped } from '#tests/tools/operator/parameters/stores.ts';

const withMode = (routeAway: 'manual' | 'watch') => ({ ...shipped, settings: { ...shipped.settings, routeAway } });
const [context, manual] = [withMode('watch'), withMode('manual')];
const name = functionName(context, REGION_WATCH);
const since = '2026-01-02T03:04:05.678Z';
const stage = { stage: 'dev', flags: '' };

describe('the alarm by which one region says that the other is ill (S4.6)', () => {
  const cloudWatch = mockClient(CloudWatchClient);
  beforeEach(() => cloudWatch.reset());
  afterAll(() => cloudWatch.restore());
  const on = { AlarmName: name, StateReason: 'two of three', StateTransitionedTimestamp: new Date(since) };

  it('is asked where the region stands by, by its name alone, and told by status with what to do', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ ...on, StateValue: 'ALARM' }] });
    expect(await illRegions(stage, awsWatchAlarm(context), undefined)).toEqual([
      `The primary region is found to be ill: ${name} is in ALARM since ${since}: two of three. Move traffic: two-region route-away dev primary`,
    ]);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand).map(({ args }) => args[0].input.AlarmNames)).toEqual([
      [name],
    ]);
  });

  it('says nothing while it is OK, can not be asked, is in the region that is lost, or where none watches', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ ...on, StateValue: 'OK' }] });
    expect(await illRegions(stage, awsWatchAlarm(context), undefined)).toEqual([]);
    cloudWatch.on(DescribeAlarmsCommand).rejects(new Error('gone'));
    expect(await illRegions(stage, awsWatchAlarm(context), undefined)).toEqual([]);
    const { length } = cloudWatch.calls();
    expect(await illRegions(stage, awsWatchAlarm(context), 'secondary')).toEqual([]);
    expect(await illRegions(stage, awsWatchAlarm(manual), undefined)).toEqual([]);
    expect(cloudWatch.calls()).toHaveLength(length);
  });

  it('of the local runtime is that of the region that watches', async () => {
    const of = (region: string) => ({ name, region, state: 'ALARM' as const, since: Date.parse(since), reason: 'x' });
    const read = (region: string) => async () => ({ alarms: [of(region)], changes: [] });
    expect(await localWatchAlarm(context, read('eu-west-1'))('secondary')).toEqual({
      ill: 'primary',
      name,
      since,
      reason: 'x',
    });
    expect(await localWatchAlarm(context, read('eu-central-1'))('secondary')).toBeUndefined();
  });
});
