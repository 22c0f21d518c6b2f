import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { askSickAlarm, describeSickAlarm, localSickAlarm } from '#operator/alarms/sick-alarm.ts';
import { sickAlarmName } from '#stacks/naming.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const name = sickAlarmName(context, 'envB');
const since = '2026-01-02T03:04:05.678Z';

describe("an environment's alarm (S3.6)", () => {
  const cloudWatch = mockClient(CloudWatchClient);
  const client = new CloudWatchClient({ region: 'eu-central-1' });
  beforeEach(() => cloudWatch.reset());
  afterAll(() => cloudWatch.restore());
  const ask = (alarms: object[]) => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ CompositeAlarms: alarms });
    return askSickAlarm(client, context, 'envB');
  };

  it('is asked by its name alone, and told with since when and why', async () => {
    const on = {
      AlarmName: name,
      StateValue: 'ALARM',
      StateReason: 'two went off',
      StateTransitionedTimestamp: new Date(since),
    };
    const alarm = await ask([on]);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toMatchObject({ AlarmNames: [name] });
    expect(alarm && describeSickAlarm(alarm)).toBe(`${name} is in ALARM since ${since}: two went off`);
  });

  it('is not on while it is OK or has too few data, nor where there is none', async () => {
    expect(await ask([])).toBeUndefined();
    for (const StateValue of ['OK', 'INSUFFICIENT_DATA']) {
      expect(await ask([{ AlarmName: name, StateValue }])).toBeUndefined();
    }
  });

  it('of the local runtime is that of the region', () => {
    const of = (region: string, state: 'ALARM' | 'OK') => ({
      name,
      region,
      state,
      since: Date.parse(since),
      reason: 'x',
    });
    const alarms = { alarms: [of('eu-central-1', 'OK'), of('eu-west-1', 'ALARM')], changes: [] };
    expect(localSickAlarm(alarms, context, 'eu-central-1', 'envB')).toBeUndefined();
    expect(localSickAlarm(alarms, context, 'eu-west-1', 'envB')).toEqual({ name, since, reason: 'x' });
    expect(localSickAlarm(alarms, context, 'eu-west-1', 'envA')).toBeUndefined();
  });
});
