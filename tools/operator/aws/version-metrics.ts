import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';

/** What a version did for an alias since a time. */
export interface MeasuredVersion {
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  /** Milliseconds, without what it takes to start a process. @default - it has not run for long enough to tell */
  readonly durationP99?: number;
}

/** A version of a function, by its physical name. */
export interface AskedVersion {
  readonly functionName: string;
  readonly version: string;
}

/** What a version did, and of which function it is. */
export type MeasuredFunction = AskedVersion & MeasuredVersion;

const PERIOD_SECONDS = 60;

/** Minutes with a p99 that its median needs to be none of the first one's, in which every process makes its first call. */
const FEWEST_MINUTES = 3;

/** Queries that one request takes (CloudWatch API Reference, "GetMetricData": 500), by statistics of a version. */
const VERSIONS_AT_ONCE = 150;

const STATISTICS = [
  ['Invocations', 'Sum'],
  ['Errors', 'Sum'],
  ['Duration', 'p99'],
] as const;

/**
 * What versions did for an alias with weights since a time, minute by minute. The p99 is the median of three minutes' ones and more, so that what each
 * process does at its first call does not count. CloudWatch has numbers a minute or two late.
 *
 * Source: AWS Lambda Developer Guide, "Types of metrics for Lambda functions": dimension ExecutedVersion, with FunctionName and Resource.
 *
 * @param since - ISO 8601
 */
export async function measureVersions(
  client: CloudWatchClient,
  alias: string,
  asked: readonly AskedVersion[],
  since: string,
): Promise<readonly MeasuredFunction[]> {
  const found: MeasuredFunction[] = [];
  for (let at = 0; at < asked.length; at += VERSIONS_AT_ONCE) {
    const page = asked.slice(at, at + VERSIONS_AT_ONCE);
    const values = await valuesOf(client, alias, page, since);
    for (const [index, version] of page.entries()) {
      const [requests = [], errors = [], durations = []] = STATISTICS.map((_, each) => values.get(idOf(index, each)));
      const durationP99 = durations.length < FEWEST_MINUTES ? undefined : median(durations);
      const counted = { requests: total(requests), errors: total(errors) };
      found.push({ ...version, ...counted, ...(durationP99 !== undefined && { durationP99 }) });
    }
  }
  return found;
}

async function valuesOf(
  client: CloudWatchClient,
  alias: string,
  asked: readonly AskedVersion[],
  since: string,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const values = new Map<string, readonly number[]>();
  let NextToken: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      // It is rounded down to the minute; an alias had no such metrics before it got its weights.
      StartTime: new Date(since),
      EndTime: new Date(Date.now() + PERIOD_SECONDS * 1000),
      MetricDataQueries: asked.flatMap((version, index) =>
        STATISTICS.map(([name, statistic], each) => queryOf(idOf(index, each), alias, version, name, statistic)),
      ),
      ...(NextToken !== undefined && { NextToken }),
    });
    const answer = await client.send(command);
    for (const { Id = '', Values = [] } of answer.MetricDataResults ?? [])
      values.set(Id, [...(values.get(Id) ?? []), ...Values]);
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return values;
}

function idOf(version: number, statistic: number): string {
  return `v${version}_${statistic}`;
}

function queryOf(
  Id: string,
  alias: string,
  { functionName, version }: AskedVersion,
  MetricName: string,
  Stat: string,
): MetricDataQuery {
  const Dimensions = [
    { Name: 'FunctionName', Value: functionName },
    { Name: 'Resource', Value: `${functionName}:${alias}` },
    { Name: 'ExecutedVersion', Value: version },
  ];
  const Metric = { Namespace: 'AWS/Lambda', MetricName, Dimensions };
  return { Id, MetricStat: { Metric, Period: PERIOD_SECONDS, Stat } };
}

function total(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
