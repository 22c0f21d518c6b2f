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
