import { expect, it } from 'vitest';
import { modelOf } from './model-fixture.ts';

/** An alarm that takes silence for a failure, on a metric of a service. */
const onSilence = (namespace: string) => ({
  alarm_name: namespace,
  namespace,
  metric_name: 'Requests',
  statistic: 'Sum',
  period: 60,
  evaluation_periods: 3,
  comparison_operator: 'LessThanThreshold',
  threshold: 1,
  treat_missing_data: 'breaching',
});

it('leaves alarms on services of which nothing runs here unserved, as their silence would be one for ever (S3.13)', () => {
  const { alarms, unserved } = modelOf({
    aws_cloudwatch_metric_alarm: {
      function: onSilence('AWS/Lambda'),
      balancer: onSilence('AWS/ApplicationELB'),
      service: onSilence('AWS/ECS'),
    },
  });
  expect(alarms?.metric.map(({ name }) => name)).toEqual(['AWS/Lambda']);
  const left = unserved.find(({ type }) => type === 'aws_cloudwatch_metric_alarm');
  expect(left?.addresses).toHaveLength(2);
});
