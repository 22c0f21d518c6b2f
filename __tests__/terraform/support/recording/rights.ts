import type { StageContext } from '#stacks/context.ts';
import { RESOURCE_RIGHTS } from '#stacks/permissions/resource-rights.ts';
import { stagePolicy, type Task } from '#stacks/permissions/stage-policy.ts';
import { environmentOf } from '#tests/terraform/support/emulator.ts';
import { isAllowedBy } from '#tests/tools/operator/permissions/simulated-policy.ts';
import type { RecordedCall } from './recorded-calls.ts';

const { AWS_ACCESS_KEY_ID: COMMANDS } = environmentOf('');

/** What of these calls the commands themselves made; the rest is the tests'. */
export function ofCommands(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return calls.filter(({ by }) => by === COMMANDS);
}

/** What the policy that `two-region permissions` prints would have refused of the commands' calls, each once. */
export function refusedBy(context: StageContext, task: Task, calls: readonly RecordedCall[]): readonly string[] {
  const policy = stagePolicy(context, task, Object.keys(RESOURCE_RIGHTS), '123456789012');
  const refused = ofCommands(calls).filter((call) => !isAllowedBy(policy, call));
  return [...new Set(refused.map(({ action, resource }) => `${action} ${resource}`))].sort();
}
