import { z } from 'zod';
import { compileRule } from '#local/alarm-language/alarm-rule.ts';
import { compileMath } from '#local/alarm-language/metric-math.ts';
import { amount, flag, numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import type { AlarmsModel, MetricAlarm, WatchedMetric } from './model.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

/** Periods of a minute that an alarm may look back on here. */
const MOST_MINUTES = 60;

/** What an alarm does when it changes; none of it is asked for by whoever only looks at it. */
const actions = {
  actions_enabled: flag.default(true),
  alarm_actions: z.array(z.string()).default([]),
  ok_actions: z.array(z.string()).default([]),
};
const statistic = z.string().regex(/^(?:Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(?:\.\d+)?)$/, 'a statistic');

// Source: Amazon CloudWatch API Reference, PutMetricAlarm.
const metricAlarm = z.object({
  alarm_name: z.string(),
  ...actions,
  comparison_operator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanOrEqualToThreshold',
    'LessThanThreshold',
  ]),
  threshold: amount,
  evaluation_periods: numeric,
  datapoints_to_alarm: numeric.optional(),
  treat_missing_data: z.enum(['breaching', 'ignore', 'missing', 'notBreaching']).default('missing'),
  evaluate_low_sample_count_percentiles: z.enum(['evaluate', 'ignore']).default('evaluate'),
  namespace: z.string().optional(),
  metric_name: z.string().optional(),
  dimensions: textMap,
  period: numeric.optional(),
  statistic: statistic.optional(),
  extended_statistic: statistic.optional(),
  metric_query: z
    .array(
      z.object({
        id: z.string(),
        expression: z.string().optional(),
        return_data: flag.default(false),
        metric: z
          .object({
            namespace: z.string(),
            metric_name: z.string(),
            dimensions: textMap,
            period: numeric,
            stat: statistic,
          })
          .optional(),
      }),
    )
    .default([]),
});
type Alarm = z.infer<typeof metricAlarm>;

const compositeAlarm = z.object({ alarm_name: z.string(), alarm_rule: z.string(), ...actions });

/** Alarms on metrics and on other alarms; those that cannot be evaluated here are left unserved. */
export function readAlarms(reader: ResourceReader): AlarmsModel {
  return {
    metric: reader.managed('aws_cloudwatch_metric_alarm', metricAlarm).flatMap((resource) => {
      const alarm = metricAlarmOf(resource);
      if (alarm === undefined) reader.leaveUnserved(resource);
      return alarm ?? [];
    }),
    composite: reader.managed('aws_cloudwatch_composite_alarm', compositeAlarm).flatMap((resource) => {
      const { region, values } = resource;
      const { alarm_name: name, alarm_rule: rule } = values;
      if (compiled(() => compileRule(rule)) !== undefined) return { name, region, rule, ...told(values) };
      reader.leaveUnserved(resource);
      return [];
    }),
  };
}

/** Services of which nothing runs here: their metrics would be missing for ever, which alarms may take for the failure. */
const UNSERVED_NAMESPACES: readonly string[] = ['AWS/ApplicationELB', 'AWS/ECS'];

/**
 * @returns undefined for what watches something else than metrics and what math makes of them, or for longer than an hour, or what has no metrics here
 */
function metricAlarmOf({ region, values }: Read<Alarm>): MetricAlarm | undefined {
  const watched = watchedBy(values);
  const metrics = Object.values(watched?.metrics ?? {});
  if (metrics.some(({ namespace }) => UNSERVED_NAMESPACES.includes(namespace))) return undefined;
  const periods = metrics.map(({ periodSeconds }) => periodSeconds);
  const [period = 0] = periods;
  const isRound = period > 0 && period % 60 === 0 && periods.every((each) => each === period);
  if (!watched || !isRound || (values.evaluation_periods + 2) * period > MOST_MINUTES * 60) return undefined;
  return {
    name: values.alarm_name,
    region,
    ...watched,
    periodSeconds: period,
    comparison: values.comparison_operator,
    threshold: values.threshold,
    evaluationPeriods: values.evaluation_periods,
    datapointsToAlarm: values.datapoints_to_alarm ?? values.evaluation_periods,
    missingData: values.treat_missing_data,
    keepsStateOnFewSamples: values.evaluate_low_sample_count_percentiles === 'ignore',
    ...told(values),
  };
}

function watchedBy(values: Alarm): Pick<MetricAlarm, 'expression' | 'metrics'> | undefined {
  const { namespace, metric_name: name, period, dimensions } = values;
  const stat = values.statistic ?? values.extended_statistic;
  if (namespace !== undefined && name !== undefined && period !== undefined && stat !== undefined) {
    return { expression: 'watched', metrics: { watched: metric(namespace, name, dimensions, period, stat) } };
  }
  const result = values.metric_query.find((query) => query.return_data);
  if (!result) return undefined;
  const metrics = Object.fromEntries(
    values.metric_query.flatMap(({ id, metric: read }) =>
      read ? [[id, metric(read.namespace, read.metric_name, read.dimensions, read.period, read.stat)] as const] : [],
    ),
  );
  const expression = result.expression ?? result.id;
  const names = compiled(() => compileMath(expression))?.names;
  return names?.every((name) => name in metrics) ? { expression, metrics } : undefined;
}

/** @returns undefined where it throws, for what is written in a way that is not served here, such as `SEARCH` */
function compiled<Compiled>(compile: () => Compiled): Compiled | undefined {
  try {
    return compile();
  } catch {
    return undefined;
  }
}

function metric(
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  periodSeconds: number,
  stat: string,
): WatchedMetric {
  return { namespace, name, dimensions, periodSeconds, statistic: stat };
}

function told(values: Pick<Alarm, 'actions_enabled' | 'alarm_actions' | 'ok_actions'>) {
  const tells = (arns: readonly string[]) => values.actions_enabled && arns.length > 0;
  return { tellsAlarm: tells(values.alarm_actions), tellsOk: tells(values.ok_actions) };
}
