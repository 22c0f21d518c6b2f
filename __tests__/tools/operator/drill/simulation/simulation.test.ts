import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadModel } from '#local/runtime/load-model.ts';
import { planOf, smallest } from '#operator/drill/simulation/plan.ts';
import { runPlan } from '#operator/drill/simulation/run-plan.ts';
import { simulate } from '#operator/drill/simulation/simulate.ts';
import type { PlantedFault, SimulatedStage } from '#operator/drill/simulation/world.ts';
import { synthesisOf } from '#tests/tools/local/support/running-stage.ts';

vi.setConfig({ testTimeout: 300_000 });

let stage: SimulatedStage;
beforeAll(async () => {
  const { model, targetParts } = await loadModel(await synthesisOf());
  stage = { model, parts: targetParts };
}, 300_000);

describe('a simulation of faults by chance (B4)', () => {
  it('runs fifty seeds, and all is as it must be after each', async () => {
    const { seeds, requests, acknowledged, failing } = await simulate(stage, { seed: 1, seeds: 50 });
    expect(failing).toBeUndefined();
    expect(seeds).toBe(50);
    expect(requests).toBeGreaterThan(1000);
    expect(acknowledged).toBeGreaterThan(100);
  });

  it('comes to the same with the same seed, and to something else with another', async () => {
    const plans = [planOf(7), planOf(7), planOf(8)];
    const [first, again, other] = await Promise.all(plans.map((plan) => runPlan(stage, plan)));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  // Seeds that find it soon.
  const planted: readonly { fault: PlantedFault; seed: number; needs: string; problem: RegExp }[] = [
    { fault: 'lost-message', seed: 1, needs: 'write', problem: /^The regions differ: of user000\d / },
    {
      fault: 'stale-write-wins',
      seed: 1,
      needs: 'write',
      problem: /^An acknowledged write is lost: of user000\d both regions hold /,
    },
    {
      fault: 'forgotten-revert',
      seed: 1,
      needs: 'switch',
      problem: /primary leads to env(A, secondary to envB|B, secondary to envA)/,
    },
    { fault: 'wrong-status', seed: 1, needs: 'mistake', problem: /^A client's mistake got 500 / },
  ];
  it.each(planted)('finds $fault, planted, and leaves out what it is found without', async (each) => {
    const { failing } = await simulate(stage, { seed: each.seed, seeds: 60, planted: each.fault });
    if (!failing) throw new Error('nothing fails');
    expect(failing.problems[0]).toMatch(each.problem);
    const kinds = failing.plan.happenings.map(({ kind }) => kind);
    expect(kinds).toContain(each.needs);
    expect(kinds.length).toBeLessThan(6);
    expect(failing.happenings).toHaveLength(kinds.length);
    // What is left fails by itself, and not without what was planted.
    expect((await runPlan(stage, failing.plan, each.fault)).problems).toEqual(failing.problems);
    expect((await runPlan(stage, failing.plan)).problems).toEqual([]);
  });

  it('leaves out of a plan all that it fails without', async () => {
    const plan = planOf(3);
    const [first, last] = [plan.happenings[2], plan.happenings.at(-1)];
    const left = await smallest(plan, async ({ happenings }) =>
      [first, last].every((each) => each !== undefined && happenings.includes(each)),
    );
    expect(left.happenings).toEqual([first, last]);
  });
});
