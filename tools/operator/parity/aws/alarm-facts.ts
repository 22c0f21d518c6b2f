import {
  type CloudWatchClient,
  type MetricAlarm,
  type MetricDataQuery,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { type CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { type Fact, factValue } from '#operator/parity/fact.ts';
import { CONTAINER_LOGS, HTTP_ACCESS_LOGS, READINESS_ALARMS, REST_ACCESS_LOGS, STANDBY_ONLY } from '#stacks/naming.ts';

/**
 * The stage's alarms: what each watches, and whether it tells anybody.
 *
 * @param own - what alarms name that each region has of its own, such as an API's id → what it is
 */
export async function alarmFacts(
  client: CloudWatchClient,
  prefix: string,
  own: ReadonlyMap<string, string> = new Map(),
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  const input = { AlarmNamePrefix: `${prefix}-`, AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, input)) {
    facts.push(
      ...MetricAlarms.map((alarm) => ({ kind: 'alarm', name: alarm.AlarmName ?? '', value: watched(alarm) })),
      ...CompositeAlarms.map(({ AlarmName = '', AlarmRule, ActionsEnabled, AlarmActions }) => ({
        kind: 'alarm',
        name: AlarmName,
        value: `${AlarmRule}; ${told(ActionsEnabled, AlarmActions)}`,
      })),
    );
  }
  const shown = (value: string) =>
    [...own].reduce((text, [id, what]) => text.replaceAll(id, `{${what}}`), value).replaceAll(BALANCER_ID, '$1');
  const ofOneRegion = [...STANDBY_ONLY, ...Object.values(READINESS_ALARMS)].map((each) => `${prefix}-${each}`);
  const shared = facts.filter(({ name }) => !ofOneRegion.includes(name));
  return shared.map((fact) => ({ ...fact, value: shown(fact.value) }));
}

/** What each region gives a load balancer or target group behind its name. Source: Elastic Load Balancing, "CloudWatch metrics", dimensions. */
const BALANCER_ID = /\b((?:app|targetgroup)\/[\w-]+)\/[0-9a-f]{16}\b/g;

function watched(alarm: MetricAlarm): string {
  const {
    Namespace,
    MetricName,
    Statistic,
    ExtendedStatistic,
    ComparisonOperator,
    Threshold,
    Dimensions = [],
    Metrics,
  } = alarm;
  const { Period, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData } = alarm;
  const dimensions = Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  const metric = Metrics?.length
    ? factValue(inOrder(Metrics))
    : `${Statistic ?? ExtendedStatistic} of ${Namespace} ${MetricName}`;
  return [
    `${metric} ${ComparisonOperator} ${Threshold}`,
    ...dimensions,
    `${DatapointsToAlarm} of ${EvaluationPeriods} × ${Period ?? '-'} s`,
    `missing data ${TreatMissingData ?? '-'}`,
    told(alarm.ActionsEnabled, alarm.AlarmActions),
  ].join('; ');
}

/** Metrics and their dimensions are sets: CloudWatch gives them in the order in which they were put, and Terraform puts them in any. */
function inOrder(metrics: readonly MetricDataQuery[]): readonly MetricDataQuery[] {
  const ordered = metrics.map((query) => {
    const { MetricStat } = query;
    if (MetricStat?.Metric === undefined) return query;
    const Dimensions = MetricStat.Metric.Dimensions?.toSorted(by(({ Name }) => Name));
    return { ...query, MetricStat: { ...MetricStat, Metric: { ...MetricStat.Metric, Dimensions } } };
  });
  return ordered.toSorted(by(({ Id }) => Id));
}

function by<T>(nameOf: (item: T) => string | undefined): (one: T, other: T) => number {
  return (one, other) => ((nameOf(one) ?? '') < (nameOf(other) ?? '') ? -1 : 1);
}

function told(enabled: boolean | undefined, actions: readonly string[] = []): string {
  return enabled && actions.length > 0 ? `tells ${actions.toSorted().join(', ')}` : 'tells nobody';
}

/** How long the stage's log groups keep their events. */
export async function retentionFacts(client: CloudWatchLogsClient, prefix: string): Promise<readonly Fact[]> {
  const facts = ['/aws/lambda/', REST_ACCESS_LOGS, HTTP_ACCESS_LOGS, CONTAINER_LOGS].map(async (service) => {
    const found: Fact[] = [];
    const pages = paginateDescribeLogGroups({ client }, { logGroupNamePrefix: `${service}${prefix}-` });
    for await (const { logGroups = [] } of pages) {
      found.push(
        ...logGroups.map(({ logGroupName = '', retentionInDays }) => ({
          kind: 'log retention',
          name: logGroupName,
          value: retentionInDays === undefined ? 'for ever' : `${retentionInDays} days`,
        })),
      );
    }
    return found;
  });
  const groups = STANDBY_ONLY.map((each) => `/aws/lambda/${prefix}-${each}`);
  return (await Promise.all(facts)).flat().filter(({ name }) => !groups.includes(name));
}
