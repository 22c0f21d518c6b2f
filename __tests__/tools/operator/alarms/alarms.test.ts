import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import pc from 'picocolors';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { localAlarms, readAlarms } from '#operator/alarms/read-alarms.ts';
import { describeAlarms, runAlarms } from '#operator/alarms/run-alarms.ts';
import { EndWith } from '#operator/cli/exit-codes.ts';
import { prefix } from '#stacks/naming.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const own = prefix(context);
const since = new Date('2026-01-02T03:04:05.678Z');
const plain = pc.createColors(false);

describe('two-region alarms (S3.6)', () => {
  const cloudWatch = mockClient(CloudWatchClient);
  const clientIn = (region: string) => new CloudWatchClient({ region });
  beforeEach(() => cloudWatch.reset());
  afterAll(() => cloudWatch.restore());
  const answer = (state: 'ALARM' | 'OK') => ({
    MetricAlarms: [
      {
        AlarmName: `${own}-envA-user-error-rate`,
        StateValue: state,
        StateTransitionedTimestamp: since,
        StateReason: 'x',
      },
      { AlarmName: `${own}-envA-user-duration`, StateValue: 'OK' as const },
    ],
    CompositeAlarms: [{ AlarmName: `${own}-envA-sick`, StateValue: state, StateTransitionedTimestamp: since }],
  });

  it('says of each region what is in ALARM, since when and why, and how many are OK', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves(answer('ALARM'));
    const read = await readAlarms(context, clientIn);
    expect(read.regions.map(({ region }) => region)).toEqual(['eu-central-1', 'eu-west-1', 'us-east-1']);
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toMatchObject({
      AlarmNamePrefix: `${own}-`,
    });
    const text = describeAlarms(read, plain);
    expect(text.split('\n\n')[0]).toBe(
      [
        'eu-central-1',
        '  ALARM  envA-sick             since 2026-01-02T03:04:05Z',
        '  ALARM  envA-user-error-rate  since 2026-01-02T03:04:05Z  x',
        '  1 of 3 OK',
      ].join('\n'),
    );
  });

  it('ends with 2 when one is in ALARM, and with 0 when none is', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves(answer('ALARM'));
    await expect(runAlarms(context.stage, { json: true })).rejects.toEqual(new EndWith(2));
    cloudWatch.on(DescribeAlarmsCommand).resolves(answer('OK'));
    await expect(runAlarms(context.stage, { json: true })).resolves.toBeUndefined();
  });

  it('tells what changed, of this stage alone, newest first as CloudWatch gives it', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({});
    cloudWatch.on(DescribeAlarmHistoryCommand).resolves({
      AlarmHistoryItems: [
        { AlarmName: `${own}-envA-sick`, Timestamp: since, HistorySummary: 'Alarm updated from OK to ALARM' },
        { AlarmName: 'somebody-else', Timestamp: since, HistorySummary: 'Alarm updated from OK to ALARM' },
      ],
    });
    const { regions } = await readAlarms(context, clientIn, 0);
    expect(regions[0]?.changes).toEqual([
      { time: since.toISOString(), name: 'envA-sick', summary: 'Alarm updated from OK to ALARM' },
    ]);
    const text = describeAlarms({ stage: 'dev', regions }, plain);
    expect(text).toContain('  2026-01-02T03:04:05Z  envA-sick  Alarm updated from OK to ALARM');
  });

  it('shows the other regions when one does not answer, and ends with 2, as nothing is known of it', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolvesOnce(answer('OK')).rejectsOnce(new Error('gone')).resolves({});
    const read = await readAlarms(context, clientIn);
    expect(describeAlarms(read, plain)).toBe('eu-central-1\n  3 of 3 OK\n\neu-west-1\n  did not answer: gone');
    cloudWatch.reset();
    cloudWatch.on(DescribeAlarmsCommand).rejects(new Error('gone'));
    await expect(readAlarms(context, clientIn)).rejects.toThrow('gone');
  });

  it('says the same of the local runtime: of the stage, of each region, what changed newest first', () => {
    const at = (seconds: number) => since.getTime() + 1000 * seconds;
    const sick = { name: `${own}-envA-sick`, region: 'eu-central-1', reason: 'In ALARM: x' };
    const said = {
      alarms: [{ ...sick, state: 'ALARM' as const, since: at(60) }],
      changes: [
        { ...sick, from: 'INSUFFICIENT_DATA' as const, state: 'OK' as const, since: at(0) },
        { ...sick, from: 'OK' as const, state: 'ALARM' as const, since: at(60) },
      ],
    };
    expect(describeAlarms(localAlarms(context, said), plain)).toBe(
      'eu-central-1\n  ALARM  envA-sick  since 2026-01-02T03:05:05Z  In ALARM: x\n  0 of 1 OK',
    );
    expect(localAlarms(context, said, at(0)).regions[0]?.changes).toMatchObject([
      { time: '2026-01-02T03:05:05.678Z', name: 'envA-sick', summary: 'Alarm updated from OK to ALARM' },
      { summary: 'Alarm updated from INSUFFICIENT_DATA to OK' },
    ]);
    expect(localAlarms(context, said, at(61)).regions[0]?.changes).toEqual([]);
  });

  it('says that there are none before the first deploy', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({});
    expect(describeAlarms(await readAlarms(context, clientIn), plain)).toBe(
      'dev has no alarms yet: they come with its stacks.',
    );
  });
});
