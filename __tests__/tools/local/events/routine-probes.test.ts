import { expect, it } from 'vitest';
import { routineProbes } from '#local/events/routine-probes.ts';

const checked = { healthChecks: [{ resourcePath: '/healthcheck?shallow=true' }] };
const isRoutine = routineProbes({ regions: { primary: checked, secondary: checked } });

it('a look of the latch that finds traffic where it belongs is routine, and one that holds it is not (B24)', () => {
  const look = (held: 0 | 1, outcome: string) => {
    const line = JSON.stringify({ TrafficHeld: held, outcome });
    const where = { region: 'secondary', environment: '$LATEST', logGroup: '/aws/lambda/route-latch' } as const;
    return isRoutine({ kind: 'function', time: 0, requestId: 'a', line, ...where });
  };
  expect(look(0, 'not moved')).toBe(true);
  expect([look(1, 'now held'), look(1, 'held'), look(0, 'nobody responds')]).toEqual([false, false, false]);
});

it('a heartbeat that is heard is routine, and one that is not, or cannot be written, is not (B26)', () => {
  const beat = (line: object) => {
    const where = { region: 'primary', environment: '$LATEST', logGroup: '/aws/lambda/heartbeat' } as const;
    return isRoutine({ kind: 'function', time: 0, requestId: 'a', line: JSON.stringify(line), ...where });
  };
  expect(beat({ HeartbeatAge: 30, outcome: 'heard' })).toBe(true);
  expect(beat({ outcome: 'not heard' })).toBe(false);
  expect(beat({ HeartbeatAge: 30, outcome: 'heard', problem: 'slow' })).toBe(false);
});

it('a health check that succeeds is routine, another request is not', () => {
  const access = (path: string, status: string) => {
    const where = { region: 'primary', environment: 'envA', logGroup: 'rest' } as const;
    return isRoutine({ kind: 'access', time: 0, requestId: 'a', line: JSON.stringify({ path, status }), ...where });
  };
  expect(access('/healthcheck', '200')).toBe(true);
  expect([access('/healthcheck', '503'), access('/test', '200')]).toEqual([false, false]);
});
