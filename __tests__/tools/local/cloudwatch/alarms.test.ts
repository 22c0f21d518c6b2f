import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Alarms, startAlarms } from '#local/cloudwatch/alarms.ts';
import { measureInvocations } from '#local/cloudwatch/measure.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { MetricAlarm } from '#local/model/model.ts';

const region = 'eu-central-1';
const metric = { namespace: 'AWS/Lambda', dimensions: { FunctionName: 'f' }, periodSeconds: 60 };
const told = { tellsAlarm: false, tellsOk: false };

/** More than 5 % of a function's invocations fail, in 3 of 5 minutes; a minute with fewer than 20 counts as one of 20. */
const errorRate: MetricAlarm = {
  name: 'error-rate',
  region,
  expression: '100 * errors / MAX([invocations, 20])',
  metrics: {
    errors: { ...metric, name: 'Errors', statistic: 'Sum' },
    invocations: { ...metric, name: 'Invocations', statistic: 'Sum' },
  },
  periodSeconds: 60,
  comparison: 'GreaterThanThreshold',
  threshold: 5,
  evaluationPeriods: 5,
  datapointsToAlarm: 3,
  missingData: 'notBreaching',
  keepsStateOnFewSamples: false,
  ...told,
};
const duration: MetricAlarm = {
  ...errorRate,
  name: 'duration',
  expression: 'watched',
  metrics: { watched: { ...metric, name: 'Duration', statistic: 'p99' } },
  threshold: 2000,
  keepsStateOnFewSamples: true,
};
const silence: MetricAlarm = {
  ...errorRate,
  name: 'silence',
  expression: 'FILL(invocations, 0)',
  metrics: { invocations: { ...metric, name: 'Invocations', statistic: 'Sum' } },
  comparison: 'LessThanThreshold',
  threshold: 1,
  evaluationPeriods: 3,
  missingData: 'breaching',
};
const sick = {
  name: 'sick',
  region,
  rule: 'ALARM("error-rate") OR ALARM("duration")',
  tellsAlarm: true,
  tellsOk: true,
};

describe('alarms under a scripted load (S3.6)', () => {
  let alarms: Alarms;
  let metrics: MetricStore;
  let log: RuntimeLog;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    metrics = new MetricStore(10);
    log = new RuntimeLog();
    const model = { metric: [errorRate, duration, silence], composite: [sick] };
    alarms = startAlarms({ model, metrics, sample: () => undefined, log });
  });
  afterEach(async () => {
    await alarms.close();
    vi.useRealTimers();
  });
  const put = (name: string, value: number, times: number) => {
    const series = metrics.series({ ...metric, region, name });
    for (let each = 0; each < times; each++) series.put(metrics.period(), value);
  };
  /** A minute, which passes in 6 s here. */
  const minute = async (invocations: number, errors: number, milliseconds = 20) => {
    put('Invocations', 1, invocations);
    put('Errors', 1, errors);
    put('Errors', 0, invocations - errors);
    put('Duration', milliseconds, invocations);
    await vi.advanceTimersByTimeAsync(6000);
  };
  const states = () => Object.fromEntries(alarms.current().map(({ name, state }) => [name, state]));

  it('begin without data, and are OK after the first minute', async () => {
    expect(new Set(Object.values(states()))).toEqual(new Set(['INSUFFICIENT_DATA']));
    await minute(30, 0);
    expect(states()).toMatchObject({ 'error-rate': 'OK', sick: 'OK' });
    expect(log.query(() => true)).toEqual([]);
  });

  it('go off in the third bad minute of five, with the one that says so, and are OK when too few are left', async () => {
    await minute(100, 0);
    const seen: string[] = [];
    for (const errors of [10, 0, 10, 10, 0, 0, 0]) {
      await minute(100, errors);
      seen.push(`${errors} ${states()['error-rate']} ${states().sick}`);
    }
    expect(seen).toEqual(['10 OK OK', '0 OK OK', '10 OK OK', '10 ALARM ALARM', '0 ALARM ALARM', '0 OK OK', '0 OK OK']);
    // Only the one that tells somebody is an event.
    expect(log.query(() => true)).toMatchObject([
      { kind: 'alarm', awsRegion: region, name: 'sick', state: 'ALARM', reason: 'In ALARM: error-rate' },
      { kind: 'alarm', name: 'sick', state: 'OK' },
    ]);
    expect(alarms.changes().map(({ name, from, state }) => `${name} ${from} ${state}`)).toContain(
      'error-rate OK ALARM',
    );
    expect(alarms.current().find(({ name }) => name === 'error-rate')?.reason).toBe(
      '2 of the last 5 datapoints [10, 10, 0, 0, 0] are greater than the threshold (5)',
    );
  });

  it('take a single error of few requests for no rate', async () => {
    for (let each = 0; each < 5; each++) await minute(2, 1);
    expect(states()['error-rate']).toBe('OK');
  });

  it('keep their state on percentiles of few samples', async () => {
    for (let each = 0; each < 5; each++) await minute(100, 0, 5000);
    expect(states().duration).toBe('INSUFFICIENT_DATA');
    for (let each = 0; each < 5; each++) await minute(1000, 0, 5000);
    expect(states().duration).toBe('ALARM');
  });

  it('take silence for a failure where they are told to', async () => {
    await minute(1, 0);
    for (let each = 0; each < 2; each++) await minute(0, 0);
    expect(states().silence).toBe('OK');
    await minute(0, 0);
    expect(states()).toMatchObject({ silence: 'ALARM', 'error-rate': 'OK' });
  });

  it('tell the versions of an alias with weights apart, by the dimension that a canary has (B8)', async () => {
    const ofVersion = (ExecutedVersion: string): MetricAlarm => {
      const dimensions = { FunctionName: 'f', Resource: 'f:envA', ExecutedVersion };
      const { errors, invocations } = errorRate.metrics;
      if (errors === undefined || invocations === undefined) throw new Error('no metrics');
      const metrics = { errors: { ...errors, dimensions }, invocations: { ...invocations, dimensions } };
      return { ...errorRate, name: `version ${ExecutedVersion}`, metrics };
    };
    alarms.update({ metric: [ofVersion('3'), ofVersion('4')], composite: [] });
    let version = '3';
    const invoke = measureInvocations(metrics, region, async () =>
      version === '4'
        ? {
            ok: false,
            kind: 'error',
            errorType: 'Error',
            errorMessage: 'broken',
            requestId: '1',
            executed: { version },
          }
        : { ok: true, requestId: '1', payload: '{}', executed: { version, milliseconds: 3 } },
    );
    for (let minutes = 0; minutes < 6; minutes++) {
      for (let count = 0; count < 50; count++) {
        version = count % 10 === 0 ? '4' : '3';
        await invoke({ functionName: 'f', qualifier: 'envA', payload: '{}' });
      }
      await vi.advanceTimersByTimeAsync(6000);
    }
    expect(states()).toEqual({ 'version 3': 'OK', 'version 4': 'ALARM' });
  });

  it('keep their state when a release brings the same alarms, and begin anew when it brings others', async () => {
    await minute(30, 0);
    alarms.update({ metric: [{ ...errorRate }, { ...silence, name: 'other' }], composite: [sick] });
    expect(states()).toEqual({ sick: 'OK', 'error-rate': 'OK', other: 'INSUFFICIENT_DATA' });
  });
});
