import { describePlan, type Plan, planOf, smallest } from './plan.ts';
import { runPlan } from './run-plan.ts';
import type { PlantedFault, SimulatedStage } from './world.ts';

/** A seed whose run was not as it must be, and what is left of its plan when all is left out that it fails without. */
export interface Failing {
  readonly seed: number;
  /** What had to be so and was not. */
  readonly problems: readonly string[];
  /** What happened, a line each. */
  readonly happenings: readonly string[];
  readonly plan: Plan;
}

export interface Simulation {
  /** Runs, without those that made a failing one smaller. */
  readonly seeds: number;
  readonly requests: number;
  readonly acknowledged: number;
  /** @default - every run was as it must be */
  readonly failing?: Failing;
}

interface SimulateOptions {
  /** The first one; the others follow it. */
  readonly seed: number;
  readonly seeds: number;
  /** @default - nothing is made wrong on purpose */
  readonly planted?: PlantedFault;
  /** Hears of each run that was as it must be. */
  readonly onRun?: (done: number) => void;
  /** A seed fails, and is made smaller. */
  readonly onFailing?: (seed: number) => void;
  /** Aborted: no other run is begun. */
  readonly signal?: AbortSignal;
}

/** Runs one seed after the other, each a plan of its own, until one is not as it must be; that one is made smaller before it is told. */
export async function simulate(stage: SimulatedStage, options: SimulateOptions): Promise<Simulation> {
  const { seed: first, seeds, planted, onRun, onFailing, signal } = options;
  const sum = { seeds: 0, requests: 0, acknowledged: 0 };
  for (let seed = first; seed < first + seeds && !signal?.aborted; seed++) {
    const whole = planOf(seed);
    const { problems, requests, acknowledged } = await runPlan(stage, whole, planted);
    sum.seeds += 1;
    sum.requests += requests;
    sum.acknowledged += acknowledged;
    if (problems.length === 0) {
      onRun?.(sum.seeds);
      continue;
    }
    onFailing?.(seed);
    const fails = async (plan: Plan) => !signal?.aborted && (await runPlan(stage, plan, planted)).problems.length > 0;
    const plan = await smallest(whole, fails);
    const left = await runPlan(stage, plan, planted);
    return { ...sum, failing: { seed, problems: left.problems, happenings: describePlan(plan), plan } };
  }
  return sum;
}
