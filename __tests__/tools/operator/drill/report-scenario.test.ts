import { describe, expect, it } from 'vitest';
import { reportScenario } from '#operator/drill/report/report-scenario.ts';
import { scenarioReportSchema } from '#operator/drill/report/report-schema.ts';
import type { Observation } from '#operator/drill/scenario/observation.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { at, LOSE_REGION, lostRegion, requests } from './observed.ts';

const held = (observation: Observation) => {
  const { conditions, passed } = reportScenario(context, observation);
  return { passed, failed: conditions.filter((each) => !each.passed).map(({ id }) => id) };
};
const figures = (observation: Observation) =>
  Object.fromEntries(reportScenario(context, observation).measures.map(({ id, seconds }) => [id, seconds]));

const lost = {
  route: 'POST /user/{id}',
  item: 7,
  region: 'secondary',
  ackedAt: at(19),
  writtenIn: 'primary',
  kept: 'missing',
} as const;

/** Nothing moves, all the time. */
const unmoved = (scenario: Partial<Scenario>, changes: Partial<Observation> = {}): Observation => {
  const { held: _, routedBack: _1, returned: _2, noticed: _3, dns: _4, moved: _5, ...marks } = lostRegion().marks;
  return lostRegion({
    scenario: { ...LOSE_REGION, traffic: 'stays', ...scenario },
    moves: false,
    prediction: { noticed: false, reason: 'no health check asks anything that needs it' },
    events: [],
    marks,
    sent: requests(0, 240, { outcome: 'ok', region: 'primary' }),
    ...changes,
  });
};

describe('the verdict on a scenario (B4)', () => {
  it('passes a failover in the predicted time without losses, and measures each step from its beginning', () => {
    const report = reportScenario(context, lostRegion());
    expect(report.passed).toBe(true);
    expect(scenarioReportSchema.parse(report)).toEqual(report);
    expect(figures(lostRegion())).toEqual({
      noticed: 25,
      dns: 25,
      moved: 60,
      new: 60,
      kept: 60,
      held: 80,
      healthy: 25,
      returned: 50,
      level: 5,
    });
    expect(report.requests.duringFault.new).toEqual({ sent: 120, ok: 60, slow: 0, failed: 60, refused: 0 });
    expect(report.series.buckets.reduce((sum, bucket) => sum + bucket.new.failed, 0)).toBe(60);
  });

  it('multiplies by the time scale: seconds are those of AWS', () => {
    expect(figures(lostRegion({ timeScale: 10 }))).toMatchObject({ noticed: 250, moved: 600 });
  });

  it.each<{ what: string; changes: Partial<Observation>; failed: readonly string[] }>([
    {
      what: 'a lost write',
      changes: { comparison: { acknowledged: 200, items: 150, lost: [lost], conflicts: [] } },
      failed: ['nothing-lost', 'level'],
    },
    {
      what: 'no write at all',
      changes: { comparison: { acknowledged: 0, items: 0, lost: [], conflicts: [] } },
      failed: ['tried'],
    },
    {
      what: 'a failure before the fault',
      changes: { sent: [...requests(5, 6, { outcome: 'failed' }), ...lostRegion().sent] },
      failed: ['calm'],
    },
    {
      what: 'clients who are served long after the prediction',
      changes: {
        sent: [
          ...requests(0, 20, { outcome: 'ok', region: 'primary' }),
          ...requests(20, 135, { outcome: 'failed' }),
          ...requests(135, 240, { outcome: 'ok', region: 'secondary' }),
        ],
      },
      failed: ['served-new', 'served-kept'],
    },
    {
      what: 'slow responses of the region that failed, for ever',
      changes: {
        sent: [...requests(0, 20, { outcome: 'ok' }), ...requests(20, 240, { outcome: 'slow', region: 'primary' })],
      },
      failed: ['served-new', 'served-kept'],
    },
    {
      what: 'traffic that comes back by itself before it is let',
      changes: {
        events: [
          ...lostRegion().events,
          { kind: 'entry', time: at(150), name: 'api.example.com', from: 'secondary', to: 'primary' },
        ],
      },
      failed: ['held'],
    },
  ])('does not pass $what', ({ changes, failed }) => {
    expect(held(lostRegion(changes))).toEqual({ passed: false, failed });
  });

  it('passes traffic that returns by itself where settings have it so, and nothing that never moved', () => {
    const { held: _, ...marks } = lostRegion().marks;
    expect(held(lostRegion({ failback: 'automatic', marks })).failed).toEqual([]);
    const { moved: _1, dns: _2, noticed: _3, ...never } = marks;
    expect(held(lostRegion({ failback: 'automatic', marks: never })).failed).toEqual(['noticed', 'moved']);
  });

  it('asks of what nobody notices that nothing moves, and that an alarm tells', () => {
    const alarm = { name: 'two-region-api-dev-envA-sick', region: 'eu-central-1', since: at(90), reason: 'x' };
    const told = unmoved({ alarms: 'told' }, { alarms: [{ ...alarm, state: 'ALARM', from: 'OK' }] });
    expect(held(told)).toEqual({ passed: true, failed: [] });
    expect(reportScenario(context, told).saw.alarms).toMatchObject([{ name: 'envA-sick', seconds: 90, to: 'ALARM' }]);
    expect(held(unmoved({ alarms: 'told' })).failed).toEqual(['told']);
    const health = {
      kind: 'health',
      time: at(40),
      healthCheck: 'primary-health',
      status: 'unhealthy',
      reason: '',
    } as const;
    expect(held(unmoved({}, { events: [health] })).failed).toEqual(['stayed']);
    expect(held(unmoved({}, { events: [{ ...health, time: at(10) }] })).failed).toEqual([]);
  });

  it('asks of a partition that both regions serve and every alarm stays quiet', () => {
    const partition = { alarms: 'quiet', fault: { kind: 'partition' } } as const;
    const other = requests(30, 40, { outcome: 'ok', region: 'secondary' }).map((each) => ({
      ...each,
      connection: 'secondary' as const,
    }));
    const sent = [...unmoved({}).sent, ...other];
    expect(held(unmoved(partition, { sent })).failed).toEqual([]);
    expect(held(unmoved(partition)).failed).toEqual(['both-served']);
    const alarm = { name: 'x', region: 'eu-west-1', since: at(90), reason: 'x', state: 'ALARM', from: 'OK' } as const;
    expect(held(unmoved(partition, { sent, alarms: [alarm] })).failed).toEqual(['quiet']);
    const heartbeat = { ...alarm, name: 'two-region-api-dev-heartbeat' };
    expect(held(unmoved(partition, { sent, alarms: [heartbeat] })).failed).toEqual([]);
  });

  it('asks of an overload that something was refused, nothing failed, and nothing moved', () => {
    const overload = { fault: { kind: 'overload' } } as const;
    const excess = (outcome: 'failed' | 'ok' | 'refused') =>
      requests(30, 40, { outcome }).map((each) => ({ ...each, connection: 'overload' as const }));
    expect(held(unmoved(overload, { sent: [...unmoved({}).sent, ...excess('refused')] })).failed).toEqual([]);
    expect(held(unmoved(overload, { sent: [...unmoved({}).sent, ...excess('ok')] })).failed).toEqual(['refused']);
    expect(held(unmoved(overload, { sent: [...unmoved({}).sent, ...excess('failed')] })).failed).toEqual([
      'refused',
      'no-errors',
    ]);
  });
});

describe('objectives of the settings (B4)', () => {
  const judged = (objectives: (typeof context.settings)['objectives'], observation: Observation) =>
    reportScenario({ ...context, settings: { ...context.settings, objectives } }, observation).objectives;

  it('judges what is set, and nothing else', () => {
    expect(judged({}, lostRegion())).toEqual([]);
    expect(judged({ rtoSeconds: 60 }, lostRegion())).toMatchObject([{ name: 'RTO_SECONDS', measured: 60, met: true }]);
    expect(judged({ rtoSeconds: 59 }, lostRegion())).toMatchObject([{ measured: 60, met: false }]);
  });

  it('misses RTO where clients never come back, and does not judge it where nothing moves', () => {
    const never = lostRegion({ sent: requests(0, 240, { outcome: 'failed' }) });
    const { lackedSeconds: _, ...withoutLack } = unmoved({}, { sent: never.sent });
    expect(judged({ rtoSeconds: 600 }, never)).toMatchObject([{ measured: null, met: false }]);
    expect(judged({ rtoSeconds: 1, rpoSeconds: 0 }, withoutLack).map(({ met }) => met)).toEqual([null, null]);
  });

  it('misses RPO by what the other region lacked, and by whatever is lost for good', () => {
    expect(judged({ rpoSeconds: 1 }, lostRegion({ lackedSeconds: 1.5 }))).toMatchObject([
      { measured: 1.5, met: false },
    ]);
    expect(judged({ rpoSeconds: 2 }, lostRegion({ lackedSeconds: 1.5 }))).toMatchObject([{ met: true }]);
    const losing = lostRegion({ comparison: { acknowledged: 200, items: 150, lost: [lost], conflicts: [] } });
    expect(judged({ rpoSeconds: 3600 }, losing)).toMatchObject([{ met: false }]);
  });

  it('holds the failures against the requests of 30 days', () => {
    // Of 440 requests after the fault 120 failed, in 220 s: 60 s of 2,592,000.
    expect(judged({ errorBudgetPercent: 0.0024 }, lostRegion())).toMatchObject([{ measured: 0.0023, met: true }]);
    expect(judged({ errorBudgetPercent: 0.002 }, lostRegion())).toMatchObject([{ met: false }]);
  });
});
