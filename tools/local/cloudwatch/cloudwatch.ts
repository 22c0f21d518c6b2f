import * as z from 'zod/mini';
import { compileMath } from '#local/alarm-language/metric-math.ts';
import { ACCOUNT_ID, type Authorize } from '#local/aws-endpoint/authorize.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { type JsonCall, type JsonInput, startJsonService } from '#local/aws-endpoint/json-protocol.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import type { DescribedAlarm } from './alarms.ts';
import { KEPT, type MetricStore, PERIOD_SECONDS } from './metric-store.ts';

/** What a runtime watches, in both regions. */
export interface Watching {
  readonly metrics: MetricStore;
  /** Alarms as they are now. */
  readonly alarms: () => readonly DescribedAlarm[];
}

interface CloudWatchOptions {
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly watching: Watching;
  readonly authorize: Authorize;
  /** @default - any free one */
  readonly port?: number;
  readonly log?: RuntimeLog;
}

/** Bytes (CloudWatch User Guide, "CloudWatch service quotas": a PutMetricData request may hold 1 MB). */
const MAX_REQUEST_BYTES = 1024 * 1024;
const MAX_RECORDS = 100;
/** Values that one request may come to; AWS takes more, and sums them up elsewhere. */
const MOST_SAMPLES = 20_000;

const dimensions = z.optional(z.array(z.object({ Name: z.string(), Value: z.string() })));
const period = z.int().check(z.positive(), z.multipleOf(PERIOD_SECONDS));
const metricData = z.object({
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.optional(z.enum(['TimestampAscending', 'TimestampDescending'])),
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      Label: z.optional(z.string()),
      Expression: z.optional(z.string()),
      ReturnData: z.optional(z.boolean()),
      Period: z.optional(period),
      MetricStat: z.optional(
        z.object({
          Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
          Period: period,
          Stat: z.string(),
        }),
      ),
    }),
  ),
});
const putData = z.object({
  Namespace: z.string().check(z.regex(/^(?!AWS\/)/, { error: 'must not begin with AWS/' })),
  MetricData: z.array(
    z.object({
      MetricName: z.string(),
      Dimensions: dimensions,
      Value: z.optional(z.number()),
      Values: z.optional(z.array(z.number())),
      Counts: z.optional(z.array(z.int().check(z.positive(), z.lte(10_000)))),
    }),
  ),
});
const describeAlarms = z.object({
  AlarmNames: z.optional(z.array(z.string())),
  AlarmNamePrefix: z.optional(z.string()),
  AlarmTypes: z.optional(z.array(z.enum(['CompositeAlarm', 'MetricAlarm']))),
  StateValue: z.optional(z.enum(['ALARM', 'INSUFFICIENT_DATA', 'OK'])),
  MaxRecords: z.optional(z.int().check(z.gte(1), z.lte(MAX_RECORDS))),
  NextToken: z.optional(z.string().check(z.regex(/^\d+$/))),
});

/**
 * Starts one region's CloudWatch: the metrics of what the runtime serves and of what functions send, and the alarms on them. Times are the wall
 * clock's, and a period of 60 seconds is as long as the runtime's time scale makes it; an hour of AWS's time is kept.
 *
 * Source: Amazon CloudWatch API Reference, "GetMetricData", "PutMetricData", "DescribeAlarms".
 */
export function startCloudWatch({ region, watching, ...place }: CloudWatchOptions): Promise<HttpService> {
  const operations = {
    DescribeAlarms: prepared(describeAlarms, (input) => alarmsOf(region, watching, input)),
    GetMetricData: prepared(metricData, (input) => dataOf(region, watching.metrics, input)),
    PutMetricData: prepared(putData, (input) => put(region, watching.metrics, input)),
  };
  return startJsonService({
    service: 'cloudwatch',
    signingName: 'monitoring',
    region,
    targetPrefix: 'GraniteServiceVersion20100801',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.cloudwatch',
    maxBodyBytes: MAX_REQUEST_BYTES,
    operations: new Map(Object.entries(operations)),
    ...place,
  });
}

function prepared<T>(schema: z.ZodMiniType<T>, run: (input: T) => unknown): (input: JsonInput) => JsonCall {
  return (input) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
    return { resources: ['*'], run: () => run(parsed.data) };
  };
}

function alarmsOf(region: string, { alarms }: Watching, input: z.infer<typeof describeAlarms>) {
  // Without types AWS responds with metric alarms alone.
  const { AlarmTypes = ['MetricAlarm'], AlarmNames, AlarmNamePrefix, StateValue, MaxRecords, NextToken } = input;
  const asked = alarms().filter(
    ({ now, type }) =>
      now.region === region &&
      AlarmTypes.includes(type) &&
      (AlarmNames === undefined || AlarmNames.includes(now.name)) &&
      now.name.startsWith(AlarmNamePrefix ?? '') &&
      (StateValue === undefined || now.state === StateValue),
  );
  const from = Number(NextToken ?? 0);
  const page = asked.slice(from, from + (MaxRecords ?? MAX_RECORDS));
  const described = (type: DescribedAlarm['type']) =>
    page
      .filter((alarm) => alarm.type === type)
      .map(({ now: { name, state, since, reason } }) => ({
        AlarmName: name,
        AlarmArn: `arn:${partitionOf(region)}:cloudwatch:${region}:${ACCOUNT_ID}:alarm:${name}`,
        StateValue: state,
        StateReason: reason,
        StateUpdatedTimestamp: since / 1000,
        StateTransitionedTimestamp: since / 1000,
      }));
  const end = from + page.length;
  return {
    CompositeAlarms: described('CompositeAlarm'),
    MetricAlarms: described('MetricAlarm'),
    ...(end < asked.length && { NextToken: String(end) }),
  };
}

function dataOf(region: string, metrics: MetricStore, input: z.infer<typeof metricData>) {
  const { MetricDataQueries: queries, ScanBy = 'TimestampDescending' } = input;
  const milliseconds = metrics.periodMilliseconds;
  const periodOf = (seconds: number) => Math.floor((seconds * 1000) / milliseconds);
  // Of other times nothing is kept, however long the range that is asked for.
  const first = Math.max(periodOf(input.StartTime), metrics.period() - KEPT);
  const end = Math.min(periodOf(input.EndTime), metrics.period() + 1);
  const shortest = Math.min(...queries.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? Infinity));
  const valueAt = (id: string, at: number, asking: readonly string[] = []): number | undefined => {
    const query = queries.find((each) => each.Id === id);
    if (query === undefined || asking.includes(id))
      throw invalid(`The expression's metric ${id} is none of the queries.`);
    if (query.Expression !== undefined) {
      return compileMath(query.Expression).evaluate((name) => valueAt(name, at, [...asking, id]));
    }
    if (query.MetricStat === undefined) throw invalid(`The query ${id} has neither MetricStat nor Expression.`);
    const { Metric, Period, Stat } = query.MetricStat;
    const named = {
      region,
      namespace: Metric.Namespace,
      name: Metric.MetricName,
      dimensions: mapOf(Metric.Dimensions),
    };
    return metrics.statistic(named, at, at + Period / PERIOD_SECONDS, Stat);
  };
  const results = queries.filter(({ ReturnData }) => ReturnData !== false);
  return {
    Messages: [],
    MetricDataResults: results.map(({ Id, Label = Id, MetricStat, Period }) => {
      const step = (MetricStat?.Period ?? Period ?? shortest) / PERIOD_SECONDS;
      const points: (readonly [at: number, value: number])[] = [];
      for (let at = Math.ceil(first / step) * step; at < end; at += step) {
        const value = valueAt(Id, at);
        if (value !== undefined) points.push([(at * milliseconds) / 1000, value]);
      }
      if (ScanBy === 'TimestampDescending') points.reverse();
      const [Timestamps, Values] = [points.map(([time]) => time), points.map(([, value]) => value)];
      return { Id, Label, Timestamps, Values, StatusCode: 'Complete' };
    }),
  };
}

function put(region: string, metrics: MetricStore, { Namespace, MetricData }: z.infer<typeof putData>): void {
  const samples = MetricData.flatMap(({ Values = [0], Counts = [] }) => Values.map((_, at) => Counts[at] ?? 1));
  if (samples.reduce((all, count) => all + count, 0) > MOST_SAMPLES) {
    throw invalid(`The local runtime takes ${MOST_SAMPLES} values a request at the most.`);
  }
  for (const { MetricName, Dimensions, Value, Values = [], Counts = [] } of MetricData) {
    const named = { region, namespace: Namespace, name: MetricName, dimensions: mapOf(Dimensions) };
    for (const [at, value] of (Value === undefined ? Values : [Value]).entries()) {
      metrics.put(named, value, Counts[at] ?? 1);
    }
  }
}

function mapOf(all: z.infer<typeof dimensions> = []): Readonly<Record<string, string>> {
  return Object.fromEntries(all.map(({ Name, Value }) => [Name, Value]));
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValue', message);
}
