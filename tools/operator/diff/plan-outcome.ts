import { EndWith, ExitCode } from '../cli/exit-codes.ts';
import type { PlannedStack } from '../terraform/plan-steps.ts';

/** Ends the command with what the plans say: 0 nothing to apply, 2 changes, 1 a plan failed. @throws EndWith for the latter two */
export function endWithPlans(plans: readonly PlannedStack[]): void {
  if (plans.some(({ outcome }) => outcome === 'failed')) throw new EndWith(ExitCode.Failed);
  if (plans.some(({ outcome }) => outcome !== 'none')) throw new EndWith(ExitCode.Usage);
}
