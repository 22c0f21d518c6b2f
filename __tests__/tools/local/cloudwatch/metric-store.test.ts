import { describe, expect, it } from 'vitest';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';

describe('the metrics of the last minutes (B15)', () => {
  it("are summed up over AWS's minutes, those without values left out", () => {
    let now = 0;
    const store = new MetricStore(10, () => now);
    const metric = {
      region: 'eu-central-1',
      namespace: 'AWS/ApiGateway',
      name: 'Latency',
      dimensions: { Stage: 'envA' },
    };
    const series = store.series(metric);
    store.series({ ...metric, name: 'Count' });
    series.put(store.period(), 90);
    // A minute passes in six seconds.
    now = 6000;
    series.put(store.period(), 10);
    series.put(store.period(), 20);
    expect(store.recent(2)).toEqual([{ ...metric, count: 3, sum: 120, average: 40, maximum: 90 }]);
    expect(store.recent(1)).toEqual([{ ...metric, count: 2, sum: 30, average: 15, maximum: 20 }]);
    now = 60_000;
    expect(store.recent(5)).toEqual([]);
  });
});

describe('what is kept of metrics (B15)', () => {
  const metric = (name: string) => ({ region: 'eu-central-1', namespace: 'App', name, dimensions: {} });

  it('is some of the values of a minute that is over, whose percentiles and sums are those of all', () => {
    const [store, reference] = [new MetricStore(1, () => 0), new MetricStore(1, () => 0)];
    const [series, one] = [store.series(metric('Duration')), reference.series(metric('Duration'))];
    // 0 to 9999, each once, in no order.
    for (let at = 0; at < 10_000; at += 1) for (const each of [series, one]) each.put(0, (at * 7919) % 10_000);
    series.put(1, 20_000);
    for (const percent of [1, 50, 90, 99, 99.9]) {
      const [thin, exact] = [series, one].map((each) => each.statistic(0, 1, `p${percent}`) ?? 0);
      expect(Math.abs((thin ?? 0) - (exact ?? 0))).toBeLessThan(25);
    }
    for (const statistic of ['Sum', 'SampleCount', 'Minimum', 'Maximum', 'p100']) {
      expect(series.statistic(0, 1, statistic)).toBe(one.statistic(0, 1, statistic));
    }
  });

  it('weighs minutes by their requests, not by the values that are left of them', () => {
    const series = new MetricStore(1, () => 0).series(metric('Duration'));
    for (let at = 0; at < 9000; at += 1) series.put(0, 10 + (at % 2));
    for (let at = 0; at < 600; at += 1) series.put(1, 100);
    series.put(2, 0);
    expect(series.statistic(0, 2, 'p90')).toBe(11);
    expect(series.statistic(0, 2, 'p99')).toBe(100);
  });

  it('needs next to nothing for a metric that is always the same', () => {
    const series = new MetricStore(1, () => 0).series(metric('Count'));
    for (let minute = 0; minute < 3; minute += 1) for (let at = 0; at < 100; at += 1) series.put(minute, 1);
    expect(series.statistic(0, 3, 'p99')).toBe(1);
    expect(series.statistic(0, 3, 'Sum')).toBe(300);
  });

  it('is 5,000 metrics; those without a value for an hour make room, those that are declared stay', () => {
    let now = 0;
    const store = new MetricStore(1, () => now);
    const declared = store.series(metric('declared'));
    for (let at = 0; at < 6000; at += 1) store.put(metric(`user ${at}`), 1);
    expect(store.recent(1)).toHaveLength(4999);
    now = 65 * 60_000;
    store.put(metric('late'), 5);
    expect(store.recent(1)).toEqual([{ ...metric('late'), count: 1, sum: 5, average: 5, maximum: 5 }]);
    declared.put(store.period(), 2);
    expect(store.statistic(metric('declared'), store.period(), store.period() + 1, 'Sum')).toBe(2);
  });

  it('is nothing of what is only asked for', () => {
    const store = new MetricStore(1, () => 0);
    for (let at = 0; at < 6000; at += 1) expect(store.statistic(metric(`${at}`), 0, 1, 'Sum')).toBeUndefined();
    store.put(metric('put'), 1);
    expect(store.recent(1)).toHaveLength(1);
  });
});
