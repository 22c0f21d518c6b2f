import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DescribedAlarm } from '#local/cloudwatch/alarms.ts';
import { startCloudWatch } from '#local/cloudwatch/cloudwatch.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import type { Service } from '#local/http/listen.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

const region = 'eu-central-1';
const minute = 60_000;
const start = Math.floor(Date.now() / minute) * minute;
let now = start;
const metrics = new MetricStore(1, () => now);
const alarm = (
  type: DescribedAlarm['type'],
  name: string,
  state: 'ALARM' | 'OK',
  inRegion = region,
): DescribedAlarm => ({
  type,
  now: { name, region: inRegion, state, since: start, reason: 'Because' },
});
const alarms = [
  alarm('CompositeAlarm', 'app-envA-sick', 'ALARM'),
  alarm('MetricAlarm', 'app-errors', 'ALARM'),
  alarm('MetricAlarm', 'app-latency', 'OK'),
  alarm('MetricAlarm', 'app-errors', 'OK', 'eu-west-1'),
];
const recording = recordingAuthorize();
let service: Service & { readonly url: string };
let client: CloudWatchClient;

beforeAll(async () => {
  service = await startCloudWatch({
    region,
    watching: { metrics, alarms: () => alarms },
    authorize: recording.authorize,
  });
  client = new CloudWatchClient(clientSettings(service.url));
});
afterAll(async () => {
  client.destroy();
  await service.close();
});

describe('CloudWatch of the local runtime (S3.6)', () => {
  it('describes the alarms of its region: those on metrics alone, unless it is asked for others', async () => {
    const { MetricAlarms = [], CompositeAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(CompositeAlarms).toEqual([]);
    expect(MetricAlarms).toMatchObject([
      { AlarmName: 'app-errors', StateValue: 'ALARM', StateReason: 'Because', StateUpdatedTimestamp: new Date(start) },
      { AlarmName: 'app-latency', StateValue: 'OK' },
    ]);
    expect(MetricAlarms[0]?.AlarmArn).toMatch(/^arn:aws:cloudwatch:eu-central-1:\d{12}:alarm:app-errors$/);
    const sick = await client.send(
      new DescribeAlarmsCommand({ AlarmTypes: ['CompositeAlarm', 'MetricAlarm'], StateValue: 'ALARM' }),
    );
    expect(sick.CompositeAlarms).toMatchObject([{ AlarmName: 'app-envA-sick' }]);
    expect(sick.MetricAlarms).toMatchObject([{ AlarmName: 'app-errors' }]);
    const named = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['app-latency'] }));
    expect(named.MetricAlarms).toHaveLength(1);
  });

  it('gives alarms page by page', async () => {
    const first = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'app-', MaxRecords: 1 }));
    expect(first.MetricAlarms).toMatchObject([{ AlarmName: 'app-errors' }]);
    const next = await client.send(new DescribeAlarmsCommand({ MaxRecords: 1, NextToken: first.NextToken }));
    expect(next.MetricAlarms).toMatchObject([{ AlarmName: 'app-latency' }]);
    expect(next.NextToken).toBeUndefined();
  });

  it('takes what functions and clients send, and gives statistics and metric math by period', async () => {
    const Dimensions = [{ Name: 'Region', Value: 'x' }];
    const send = (...MetricData: readonly object[]) =>
      client.send(
        new PutMetricDataCommand({
          Namespace: 'app',
          MetricData: MetricData.map((each) => ({ MetricName: 'Orders', Dimensions, ...each })),
        }),
      );
    await send({ Value: 2 }, { Values: [4, 6], Counts: [1, 3] });
    now += minute;
    await send({ Value: 10 });
    const stat = (Id: string, Stat: string) => ({
      Id,
      ReturnData: Id !== 'hidden',
      MetricStat: { Metric: { Namespace: 'app', MetricName: 'Orders', Dimensions }, Period: 60, Stat },
    });
    const asked = {
      StartTime: new Date(start),
      EndTime: new Date(now + minute),
      MetricDataQueries: [
        stat('total', 'Sum'),
        stat('hidden', 'SampleCount'),
        stat('p50', 'p50'),
        { Id: 'mean', Expression: 'total / hidden' },
      ],
    };
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({ ...asked, ScanBy: 'TimestampAscending' }),
    );
    const Timestamps = [new Date(start), new Date(start + minute)];
    expect(MetricDataResults).toMatchObject([
      { Id: 'total', Timestamps, Values: [24, 10], StatusCode: 'Complete' },
      { Id: 'p50', Timestamps, Values: [6, 10] },
      { Id: 'mean', Timestamps, Values: [4.8, 10] },
    ]);
    const { MetricDataResults: descending } = await client.send(new GetMetricDataCommand(asked));
    expect(descending?.[0]?.Values).toEqual([10, 24]);
    expect(recording.asked.at(-1)).toMatchObject({ action: 'cloudwatch:GetMetricData', service: 'monitoring' });
  });

  it('unpacks what the SDK sends packed', async () => {
    const MetricData = Array.from({ length: 500 }, (_, at) => ({ MetricName: `M${at}`, Value: at }));
    await client.send(new PutMetricDataCommand({ Namespace: 'app', MetricData }));
    expect(
      metrics.series({ region, namespace: 'app', name: 'M499', dimensions: {} }).statistic(0, Infinity, 'Sum'),
    ).toBe(499);
    expect(recording.asked.at(-1)?.headers['content-encoding']).toBe('gzip');
  });

  it('refuses namespaces of AWS, and expressions that go in a circle', async () => {
    const put = new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'x', Value: 1 }] });
    await expect(client.send(put)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('must not begin with AWS/'),
    });
    const circle = new GetMetricDataCommand({
      StartTime: new Date(start),
      EndTime: new Date(start + minute),
      MetricDataQueries: [{ Id: 'a', Expression: 'a + 1', Period: 60 }],
    });
    await expect(client.send(circle)).rejects.toThrow("The expression's metric a is none of the queries.");
  });

  it('is not held up by a range of years, or by counts that come to millions', async () => {
    const Metric = { Namespace: 'app', MetricName: 'x' };
    const MetricDataQueries = [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }];
    const asked = { StartTime: new Date(0), EndTime: new Date('2999-01-01T00:00:00Z'), MetricDataQueries };
    await client.send(new PutMetricDataCommand({ Namespace: 'app', MetricData: [{ MetricName: 'x', Value: 1 }] }));
    const { MetricDataResults } = await client.send(new GetMetricDataCommand(asked));
    expect(MetricDataResults?.[0]?.Values).toEqual([1]);
    const many = { MetricName: 'x', Values: Array(150).fill(1), Counts: Array(150).fill(10_000) };
    await expect(client.send(new PutMetricDataCommand({ Namespace: 'app', MetricData: [many] }))).rejects.toThrow(
      '20000 values a request at the most',
    );
  });

  it('says what it does not serve', async () => {
    const asked = new GetMetricStatisticsCommand({
      Namespace: 'app',
      MetricName: 'x',
      StartTime: new Date(0),
      EndTime: new Date(1),
      Period: 60,
    });
    await expect(client.send(asked)).rejects.toThrow('only DescribeAlarms, GetMetricData, PutMetricData');
  });
});
