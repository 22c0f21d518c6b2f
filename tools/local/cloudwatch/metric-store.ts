/** A period of AWS's, which are all multiples of it. */
export const PERIOD_SECONDS = 60;

/** Periods that are kept: an hour. */
export const KEPT = 64;

/** Values of a period that percentiles are taken of; of more the newest. */
const MOST_VALUES = 10_000;

/** So many of them, evenly spread, once the period is over: an hour under load would hold 5 MB of each metric otherwise. */
const KEPT_VALUES = 500;

/** Functions make metrics of their own, with whatever dimensions. */
const MOST_METRICS = 5000;

interface Period {
  readonly number: number;
  count: number;
  sum: number;
  least: number;
  most: number;
  /** None where all are the same. */
  values: number[];
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

  /** Number of the last period with a value. */
  get last(): number {
    return this.#periods.at(-1)?.number ?? 0;
  }

  #periodOf(number: number): Period {
    const last = this.#periods.at(-1);
    if (last?.number === number) return last;
    if (last) last.values = thinned(last);
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
        return percentile(periods, Number(statistic.slice(1)));
      }
    }
  }
}

function keyOf({ region, namespace, name, dimensions }: MetricName): string {
  const sorted = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([region, namespace, name, sorted]);
}

/** Of many values some, from the least to the most, each for as many. */
function thinned({ values, least, most }: Period): number[] {
  if (least === most) return [];
  if (values.length <= KEPT_VALUES) return values;
  const sorted = Float64Array.from(values).sort();
  const step = (sorted.length - 1) / (KEPT_VALUES - 1);
  return Array.from({ length: KEPT_VALUES }, (_, at) => sorted[Math.round(at * step)] ?? most);
}

/** @param percent - 0 to 100 */
function percentile(periods: readonly Period[], percent: number): number | undefined {
  const values = periods.flatMap((period) =>
    period.values.length === 0
      ? [{ value: period.least, weight: period.count }]
      : period.values.map((value) => ({ value, weight: period.count / period.values.length })),
  );
  values.sort((one, other) => one.value - other.value);
  // Fractions may come to a hair more than their sum.
  const wanted = (values.reduce((all, { weight }) => all + weight, 0) * percent) / 100 - 1e-9;
  let passed = 0;
  for (const { value, weight } of values) {
    passed += weight;
    if (passed >= wanted) return value;
  }
  return values.at(-1)?.value;
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
  readonly #series = new Map<
    string,
    { readonly metric: MetricName; readonly series: Series; readonly isHeld: boolean }
  >();
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

  /** Where a metric is put; the same for the same names, and kept for whoever holds it. */
  series(metric: MetricName): Series {
    const key = keyOf(metric);
    const series = this.#series.get(key)?.series ?? new Series();
    this.#series.set(key, { metric, series, isHeld: true });
    return series;
  }

  /** A metric that nobody has declared: there are so many of those, and what comes beyond is not kept. */
  put(metric: MetricName, value: number, times = 1): void {
    const key = keyOf(metric);
    const known = this.#series.get(key);
    if (known === undefined && this.#series.size >= MOST_METRICS) this.#forgetOld();
    if (known === undefined && this.#series.size >= MOST_METRICS) return;
    const { series } = known ?? { series: new Series() };
    if (known === undefined) this.#series.set(key, { metric, series, isHeld: false });
    for (let time = 0; time < times; time++) series.put(this.period(), value);
  }

  /** What a metric came to, see {@link Series.statistic}. */
  statistic(metric: MetricName, from: number, to: number, statistic: string): number | undefined {
    return this.#series.get(keyOf(metric))?.series.statistic(from, to, statistic);
  }

  /** Metrics that got no value in an hour. */
  #forgetOld(): void {
    const since = this.period() - KEPT;
    for (const [key, { series, isHeld }] of this.#series) {
      if (!isHeld && series.last < since) this.#series.delete(key);
    }
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
