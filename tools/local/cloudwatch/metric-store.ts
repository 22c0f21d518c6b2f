/** A period of AWS's, which are all multiples of it. */
export const PERIOD_SECONDS = 60;

/** Periods that are kept: an hour. */
export const KEPT = 64;

/** Values of a period that percentiles are taken of; of more the newest. */
const MOST_VALUES = 10_000;

interface Period {
  readonly number: number;
  count: number;
  sum: number;
  least: number;
  most: number;
  readonly values: number[];
}

/** What a metric is known by; names and dimensions are AWS's. */
export interface MetricName {
  /** AWS region. */
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One metric. */
export class Series {
  readonly #periods: Period[] = [];

  /** @param number - of the period */
  put(number: number, value: number): void {
    const period = this.#periodOf(number);
    if (period.values.length < MOST_VALUES) period.values.push(value);
    else period.values[period.count % MOST_VALUES] = value;
    period.count += 1;
    period.sum += value;
    if (value < period.least) period.least = value;
    if (value > period.most) period.most = value;
  }

  #periodOf(number: number): Period {
    const last = this.#periods.at(-1);
    if (last?.number === number) return last;
    const period = { number, count: 0, sum: 0, least: Infinity, most: -Infinity, values: [] };
    this.#periods.push(period);
    if (this.#periods.length > KEPT) this.#periods.shift();
    return period;
  }

  /**
   * @param from - number of the first period
   * @param to - of the first one after the last
   * @param statistic - `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile: `p99`
   * @returns undefined where nothing was put in any of them
   */
  statistic(from: number, to: number, statistic: string): number | undefined {
    const periods = this.#periods.filter(({ number }) => number >= from && number < to);
    if (periods.length === 0) return undefined;
    const count = periods.reduce((all, period) => all + period.count, 0);
    const sum = periods.reduce((all, period) => all + period.sum, 0);
    switch (statistic) {
      case 'Sum':
        return sum;
      case 'SampleCount':
        return count;
      case 'Average':
        return sum / count;
      case 'Minimum':
        return Math.min(...periods.map(({ least }) => least));
      case 'Maximum':
        return Math.max(...periods.map(({ most }) => most));
      default: {
        const values = periods.flatMap((period) => period.values).sort((one, other) => one - other);
        return values[Math.ceil((values.length * Number(statistic.slice(1))) / 100) - 1] ?? values[0];
      }
    }
  }
}

/** What a metric came to in the last minutes. */
export interface MetricSummary extends MetricName {
  readonly count: number;
  readonly sum: number;
  readonly average: number;
  readonly maximum: number;
}

/** The metrics of a runtime, in periods of a minute of AWS's time. */
export class MetricStore {
  readonly #series = new Map<string, { readonly metric: MetricName; readonly series: Series }>();
  /** How long a period takes on the wall clock. */
  readonly periodMilliseconds: number;
  readonly #now: () => number;

  /**
   * @param timeScale - 10: a minute passes in six seconds
   * @param now - milliseconds since the epoch
   */
  constructor(timeScale: number, now: () => number = () => Date.now()) {
    this.periodMilliseconds = (PERIOD_SECONDS * 1000) / timeScale;
    this.#now = now;
  }

  /** Number of the period that it is now. */
  period(): number {
    return Math.floor(this.#now() / this.periodMilliseconds);
  }

  /** Milliseconds until the next period begins. */
  untilNext(): number {
    return (this.period() + 1) * this.periodMilliseconds - this.#now();
  }

  /** Where a metric is put; the same for the same names. */
  series(metric: MetricName): Series {
    const { region, namespace, name, dimensions } = metric;
    const sorted = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
    const key = JSON.stringify([region, namespace, name, sorted]);
    const known = this.#series.get(key);
    if (known) return known.series;
    const series = new Series();
    this.#series.set(key, { metric, series });
    return series;
  }

  /** Metrics that got values in the last so many minutes of AWS's time, the present one included. */
  recent(minutes: number): readonly MetricSummary[] {
    const to = this.period() + 1;
    return [...this.#series.values()].flatMap(({ metric, series }) => {
      const of = (statistic: string) => series.statistic(to - minutes, to, statistic) ?? 0;
      const count = of('SampleCount');
      if (count === 0) return [];
      return [{ ...metric, count, sum: of('Sum'), average: of('Average'), maximum: of('Maximum') }];
    });
  }
}
