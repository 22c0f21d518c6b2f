import { isDeepStrictEqual } from 'node:util';
import { type AlarmRule, type AlarmState, compileRule } from '#local/alarm-language/alarm-rule.ts';
import { compileMath } from '#local/alarm-language/metric-math.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import type { AlarmsModel, CompositeAlarm, MetricAlarm } from '#local/model/model.ts';
import { type Datapoint, evaluationRange, stateOf } from './alarm-state.ts';
import { type MetricStore, PERIOD_SECONDS } from './metric-store.ts';

/** An alarm as it is now. */
export interface AlarmNow {
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  readonly state: AlarmState;
  /** When it came into its state; milliseconds since the epoch. */
  readonly since: number;
  readonly reason: string;
}

/** An alarm as CloudWatch describes it. */
export interface DescribedAlarm {
  readonly type: 'CompositeAlarm' | 'MetricAlarm';
  readonly now: AlarmNow;
}

/** A change of an alarm's state. */
export interface AlarmChange extends AlarmNow {
  readonly from: AlarmState;
}

export interface Alarms extends Service {
  /** Composite alarms first. */
  current(): readonly AlarmNow[];
  /** The same, with what they are. */
  described(): readonly DescribedAlarm[];
  /** Oldest first. */
  changes(): readonly AlarmChange[];
  /** Alarms that stay keep their state. */
  update(model: AlarmsModel): void;
}

interface AlarmsOptions {
  readonly model: AlarmsModel;
  readonly metrics: MetricStore;
  /** Puts what is looked at once a period and not sent by anybody. @param period - number of the one that has ended */
  readonly sample: (period: number) => void;
  readonly log: RuntimeLog;
}

/** An alarm with all that its evaluation needs. @param ended - number of the last period that has ended */
interface Watched {
  readonly alarm: CompositeAlarm | MetricAlarm;
  readonly judge: (ended: number) => { readonly state: AlarmState; readonly reason: string } | undefined;
  now: AlarmNow;
}

const MOST_CHANGES = 1000;

/** Percentiles of fewer samples say little. Source: CloudWatch User Guide, "Percentile-based alarms and low data samples": 10 / (1 - percentile). */
const SAMPLES_FOR_TAIL = 10;

/**
 * Evaluates alarms at the end of each period, those on alarms last. Each begins in INSUFFICIENT_DATA, and its first OK is no change worth telling.
 * That one goes off, or is OK again after that, is an event where it would tell somebody.
 */
export function startAlarms({ model, metrics, sample, log }: AlarmsOptions): Alarms {
  const startedAt = Date.now();
  const first = metrics.period();
  const changes: AlarmChange[] = [];
  let watched: readonly Watched[] = [];
  const current = (region: string, name: string) =>
    watched.find(({ now }) => now.region === region && now.name === name)?.now.state;

  const watch = (alarm: CompositeAlarm | MetricAlarm): Watched => {
    const { name, region } = alarm;
    const known = watched.find(({ now }) => now.name === name && now.region === region);
    if (known && isDeepStrictEqual(known.alarm, alarm)) return known;
    const now: AlarmNow = known?.now ?? {
      name,
      region,
      state: 'INSUFFICIENT_DATA',
      since: startedAt,
      reason: 'Unchecked: Initial alarm creation',
    };
    const judge =
      'rule' in alarm ? judgeByRule(compileRule(alarm.rule), (other) => current(region, other)) : judgeByMetric(alarm);
    return { alarm, now, judge };
  };

  const judgeByMetric = (alarm: MetricAlarm): Watched['judge'] => {
    const { evaluate } = compileMath(alarm.expression);
    const minutes = alarm.periodSeconds / PERIOD_SECONDS;
    const read = Object.fromEntries(
      Object.entries(alarm.metrics).map(([id, { namespace, name, dimensions, statistic }]) => [
        id,
        { series: metrics.series({ region: alarm.region, namespace, name, dimensions }), statistic },
      ]),
    );
    const at = (start: number, instead?: string) =>
      evaluate((id) => read[id]?.series.statistic(start, start + minutes, instead ?? read[id].statistic));
    return (ended) => {
      const last = Math.floor((ended + 1) / minutes) * minutes;
      const starts = Array.from(
        { length: evaluationRange(alarm) },
        (_, back) => last - (evaluationRange(alarm) - back) * minutes,
      );
      const values = starts.map((start) => at(start));
      const state = stateOf(
        values.map(
          (value): Datapoint => (value === undefined ? undefined : isBreaching(alarm, value) ? 'breaching' : 'fine'),
        ),
        alarm,
      );
      // What was before the start counts against nobody.
      if (state === undefined || (state === 'ALARM' && last - alarm.evaluationPeriods * minutes < first))
        return undefined;
      const few = alarm.keepsStateOnFewSamples ? fewestSamples(alarm) : 0;
      const samples = starts.map((start) => (few > 0 ? (at(start, 'SampleCount') ?? few) : few));
      if (samples.slice(-alarm.evaluationPeriods).some((count) => count < few)) return undefined;
      return { state, reason: reasonOf(alarm, state, values.slice(-alarm.evaluationPeriods)) };
    };
  };

  const enter = (each: Watched, judged: ReturnType<Watched['judge']>): void => {
    if (judged === undefined) return;
    const { state: from } = each.now;
    if (judged.state === from) {
      each.now = { ...each.now, reason: judged.reason };
      return;
    }
    each.now = { ...each.now, ...judged, since: Date.now() };
    if (from === 'INSUFFICIENT_DATA' && judged.state === 'OK') return;
    changes.push({ ...each.now, from });
    if (changes.length > MOST_CHANGES) changes.shift();
    const { name, region, since: time, state, reason } = each.now;
    const tells = state === 'ALARM' ? each.alarm.tellsAlarm : state === 'OK' && from === 'ALARM' && each.alarm.tellsOk;
    if (tells) log.write({ kind: 'alarm', time, awsRegion: region, name, state, reason });
  };

  const evaluate = (ended: number) => {
    sample(ended);
    const [composite, metric] = [watched.filter(isComposite), watched.filter((each) => !isComposite(each))];
    for (const each of metric) enter(each, each.judge(ended));
    // A rule may name another composite alarm: as often as there are any, the last has heard of the first.
    for (const _ of composite) for (const each of composite) enter(each, each.judge(ended));
  };

  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const period = metrics.period();
    timer = setTimeout(
      () => {
        // A timer may fire a little early.
        if (metrics.period() > period) evaluate(metrics.period() - 1);
        wait();
      },
      Math.max(1, metrics.untilNext()),
    ).unref();
  };
  const update = ({ composite, metric }: AlarmsModel) => {
    watched = [...composite, ...metric].map(watch);
  };
  update(model);
  wait();
  return {
    current: () => watched.map(({ now }) => now),
    described: () =>
      watched.map((each) => ({ type: isComposite(each) ? 'CompositeAlarm' : 'MetricAlarm', now: each.now })),
    changes: () => [...changes],
    update,
    close: async () => clearTimeout(timer),
  };
}

function isComposite({ alarm }: Watched): boolean {
  return 'rule' in alarm;
}

function judgeByRule(rule: AlarmRule, current: (name: string) => AlarmState | undefined): Watched['judge'] {
  return () => {
    const named = new Map<string, AlarmState>();
    const holds = rule((name) => {
      const state = current(name);
      if (state !== undefined) named.set(name, state);
      return state;
    });
    const off = [...named].filter(([, state]) => state === 'ALARM').map(([name]) => name);
    return {
      state: holds ? 'ALARM' : 'OK',
      reason: off.length > 0 ? `In ALARM: ${off.join(', ')}` : 'None of its alarms is in ALARM',
    };
  };
}

function isBreaching({ comparison, threshold }: MetricAlarm, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/** How many samples the percentile of an alarm needs; 0 for other statistics. */
function fewestSamples({ metrics }: MetricAlarm): number {
  const needed = Object.values(metrics).map(({ statistic }) => {
    const percentile = /^p(.+)$/.exec(statistic)?.[1];
    if (percentile === undefined) return 0;
    const share = Number(percentile) / 100;
    return SAMPLES_FOR_TAIL / (share >= 0.5 ? 1 - share : share);
  });
  return Math.round(Math.max(0, ...needed));
}

/** In CloudWatch's words. */
function reasonOf(alarm: MetricAlarm, state: AlarmState, values: readonly (number | undefined)[]): string {
  const { evaluationPeriods, threshold, comparison } = alarm;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${evaluationPeriods} datapoints were unknown.`;
  const than = comparison.startsWith('Greater') ? 'greater than' : 'less than';
  const or = comparison.includes('OrEqual') ? ' or equal to' : '';
  const breaching = values.filter((value) => value !== undefined && isBreaching(alarm, value)).length;
  const shown = values.map((value) => (value === undefined ? '-' : Number(value.toFixed(3)))).join(', ');
  return `${breaching} of the last ${evaluationPeriods} datapoints [${shown}] are ${than}${or} the threshold (${threshold})`;
}
