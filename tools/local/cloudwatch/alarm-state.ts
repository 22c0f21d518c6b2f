import type { AlarmState } from '#local/alarm-language/alarm-rule.ts';
import type { MetricAlarm } from '#local/model/model.ts';

/** What a data point is to an alarm; undefined: there is none. */
export type Datapoint = 'breaching' | 'fine' | undefined;

/** Data points beyond the evaluation periods that are looked at where some are missing: AWS's tables have 5 for 3. */
const EXTRA_DATAPOINTS = 2;

/** How many data points an alarm looks at. */
export function evaluationRange({ evaluationPeriods }: Pick<MetricAlarm, 'evaluationPeriods'>): number {
  return evaluationPeriods + EXTRA_DATAPOINTS;
}

/**
 * The state of an alarm on a metric: M of N, with missing data points filled in as few times as possible.
 *
 * Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data", both tables and "Avoiding premature transitions to
 * alarm state".
 *
 * @param points - of the evaluation range, the newest last
 * @returns undefined where the state stays as it is
 */
export function stateOf(
  points: readonly Datapoint[],
  alarm: Pick<MetricAlarm, 'datapointsToAlarm' | 'evaluationPeriods' | 'missingData'>,
): AlarmState | undefined {
  const { datapointsToAlarm, evaluationPeriods, missingData } = alarm;
  const real = points.filter((point) => point !== undefined);
  const newest = real.slice(-evaluationPeriods);
  const breaching = newest.filter((point) => point === 'breaching').length;
  const filled = evaluationPeriods - newest.length;
  if (filled === 0 || missingData === 'notBreaching') return breaching >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (missingData === 'breaching') return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (newest.length === 0) return missingData === 'missing' ? 'INSUFFICIENT_DATA' : undefined;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (breaching < newest.length) return 'OK';
  if (missingData === 'ignore') return undefined;
  // All there is breaches, and it is as old as what has to breach.
  const age = points.length - points.indexOf('breaching');
  return age >= datapointsToAlarm ? 'ALARM' : 'OK';
}
