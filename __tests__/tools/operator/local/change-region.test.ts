import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RegionType } from '#local/model/model.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const running = vi.hoisted(() => ({ client: {} }));
vi.mock('#local/control/client.ts', () => ({ connectControl: async () => running.client }));

// Test files share a process: this one loads anew what was loaded without the replacement, and leaves none behind.
beforeAll(() => {
  vi.resetModules();
});
afterAll(() => {
  vi.doUnmock('#local/control/client.ts');
  vi.resetModules();
});

/** Milliseconds since the epoch: when the primary region fails. */
const FAILED = Date.now();

const NAME = 'api.example.com';
const predicted = { notice: { atLeast: 0, atMost: 1 }, recovery: { atLeast: 0, atMost: 1 } };

/** A runtime whose primary region fails and is noticed a second later; its entry leads where it is told, and tells of these moves. */
function runtime(entry: RegionType, moves: readonly { readonly time: number; readonly to: RegionType }[]) {
  const status = (since: number, failed: boolean) => ({
    entries: [{ name: NAME, region: entry }],
    predicted: { refused: predicted },
    timeScale: 50,
    regions: {
      primary: {
        since,
        healthChecks: [{ name: 'primary', status: 'healthy' }],
        failures: failed
          ? [
              {
                part: 'region',
                mode: { kind: 'refuse' },
                prediction: { noticed: true, fault: 'refused', checks: ['primary'], ...predicted },
              },
            ]
          : [],
      },
    },
  });
  // Of the client what the command uses.
  running.client = {
    status: async () => status(0, false),
    fail: async () => status(FAILED, true),
    events: async () => [
      { kind: 'health', time: FAILED + 1000, healthCheck: 'primary', status: 'unhealthy', reason: 'refused' },
      { kind: 'dns', time: FAILED + 1000, name: NAME, to: 'secondary' },
      ...moves.map((move) => ({ kind: 'entry', name: NAME, ...move })),
    ],
  };
}

describe('local fail where records are weighted (S4.6)', () => {
  const fail = async () => JSON.parse((await runHere(['local', 'fail', 'primary', '--json'])).stdout);

  it('waits for no move of an entry that leads elsewhere already by its lot', async () => {
    runtime('secondary', []);
    expect(await fail()).toMatchObject({ inTime: true, noticed: { at: FAILED + 1000 }, moved: [] });
  });

  it('takes no move by lot for the failover', async () => {
    runtime('secondary', [
      { time: FAILED + 500, to: 'secondary' },
      { time: FAILED + 700, to: 'primary' },
      { time: FAILED + 1500, to: 'secondary' },
    ]);
    expect((await fail()).moved).toEqual([{ at: FAILED + 1500, name: NAME, to: 'secondary' }]);
  });
});

describe('local fail of a name that nobody asks for (S4.1)', () => {
  it('tells of the move that looking at the entry brings about', async () => {
    runtime('primary', []);
    const told: object[] = [
      { kind: 'health', time: FAILED + 1000, healthCheck: 'primary', status: 'unhealthy', reason: 'refused' },
      { kind: 'dns', time: FAILED + 1000, name: NAME, to: 'secondary' },
    ];
    const before = await Object(running.client).status();
    let looks = 0;
    Object.assign(running.client, {
      status: async () => {
        looks += 1;
        // The first look is before the fault, the second one while the old answer is kept.
        if (looks < 3) return before;
        if (looks === 3) told.push({ kind: 'entry', name: NAME, time: FAILED + 1500, to: 'secondary' });
        return { ...before, entries: [{ name: NAME, region: 'secondary' }] };
      },
      events: async () => [...told],
    });
    const { stdout } = await runHere(['local', 'fail', 'primary', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ inTime: true, moved: [{ name: NAME, to: 'secondary' }] });
  });
});
