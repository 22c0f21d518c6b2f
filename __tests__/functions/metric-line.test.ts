import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeMetrics } from '#functions/metric-line.ts';

const at = new Date('2026-11-29T12:00:00Z');
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function written(line: Omit<Parameters<typeof writeMetrics>[0], 'at' | 'namespace'>): string {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  writeMetrics({ namespace: 'app-dev', at, ...line });
  return String(log.mock.calls.at(-1)?.[0]);
}

describe('a line that is log and metrics at once (S3.7)', () => {
  it('has what CloudWatch takes metrics by, then the values, then what else it says', () => {
    const line = written({ metrics: { Age: { value: 2, unit: 'Seconds' } }, fields: { outcome: 'heard' } });
    expect(line).toBe(
      '{"_aws":{"Timestamp":1795953600000,"CloudWatchMetrics":[{"Namespace":"app-dev","Dimensions":[[]],"Metrics":[{"Name":"Age","Unit":"Seconds"}]}]},"Age":2,"outcome":"heard"}',
    );
  });

  it('has the trace id of the invocation, as the lines of the logger', () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-67891233-abcdef012345678912345678;Parent=5759e988bd862e3f;Sampled=0');
    expect(JSON.parse(written({ metrics: { Held: { value: 1 } } }))).toMatchObject({
      xray_trace_id: '1-67891233-abcdef012345678912345678',
    });
  });
});
