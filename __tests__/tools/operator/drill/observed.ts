import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { Sent } from '#operator/drill/load/load.ts';
import type { Observation } from '#operator/drill/scenario/observation.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';

/** The beginning of all that is observed: milliseconds since the epoch. */
const BEGUN = Date.UTC(2026, 0, 31, 14, 0, 0);
/** Seconds after it, as milliseconds since the epoch. */
export const at = (seconds: number): number => BEGUN + seconds * 1000;

export const LOSE_REGION: Scenario = {
  name: 'lose-region',
  title: 'A region is lost',
  done: 'The primary region refuses connections.',
  fault: { kind: 'fail', failure: { part: 'region', mode: { kind: 'refuse' } } },
  traffic: 'moves',
  alarms: 'any',
};

/** One request every second and kind, from `from` until `until`. */
export function requests(
  from: number,
  until: number,
  rest: Omit<Sent, 'at' | 'connection' | 'milliseconds' | 'route'>,
): readonly Sent[] {
  return Array.from({ length: until - from }, (_, index) => at(from + index)).flatMap((time) =>
    (['new', 'kept'] as const).map(
      (connection): Sent => ({ at: time, milliseconds: 20, connection, route: 'POST /user/{id}', ...rest }),
    ),
  );
}

const entry = (seconds: number, from: 'primary' | 'secondary', to: 'primary' | 'secondary'): RuntimeEvent => ({
  kind: 'entry',
  time: at(seconds),
  name: 'api.example.com',
  from,
  to,
});

/** A region that was lost after 20 s, noticed after 25 more, left after 60, recovered after 120, level after 125 and back after 200: nothing was lost. */
export function lostRegion(changes: Partial<Observation> = {}): Observation {
  return {
    scenario: LOSE_REGION,
    timeScale: 1,
    perSecond: 2,
    moves: true,
    prediction: {
      noticed: true,
      fault: 'refused',
      checks: ['primary-health'],
      notice: { atLeast: 20, atMost: 30 },
      recovery: { atLeast: 20, atMost: 90 },
    },
    predictedReturn: { atLeast: 20, atMost: 90 },
    failback: 'manual',
    marks: {
      begun: BEGUN,
      fault: at(20),
      noticed: at(45),
      dns: at(45),
      moved: at(80),
      held: at(100),
      recovered: at(140),
      healthy: at(165),
      level: at(145),
      routedBack: at(170),
      returned: at(220),
      ended: at(240),
    },
    sent: [
      ...requests(0, 20, { outcome: 'ok', region: 'primary' }),
      ...requests(20, 80, { outcome: 'failed', problem: 'HTTP 502' }),
      ...requests(80, 220, { outcome: 'ok', region: 'secondary' }),
      ...requests(220, 240, { outcome: 'ok', region: 'primary' }),
    ],
    events: [entry(80, 'primary', 'secondary'), entry(220, 'secondary', 'primary')],
    comparison: { acknowledged: 200, items: 150, lost: [], conflicts: [] },
    stale: [],
    lackedSeconds: 0,
    alarms: [],
    status: [],
    ...changes,
  };
}
