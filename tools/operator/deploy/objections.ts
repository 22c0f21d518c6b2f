import { RefusedError } from '#operator/cli/errors.ts';
import { CancelledError } from '#operator/cli/prompt.ts';
import { dataLosses, impactOf, takenAway, takesCopy } from '#operator/terraform/plan/impact.ts';
import { describePlannedChange, type PlannedChange } from '#operator/terraform/plan/planned-change.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan } from '#operator/terraform/terraform.ts';
import type { DeployDecision } from './decide-deploy.ts';
import type { DeployOptions, DeployPorts, PreparedDeploy } from './deploy-stage.ts';

/** Why a plan of a deploy is not applied. Changes that live traffic notices are asked about once, whichever region plans them first. */
export function objections(
  { confirmLiveChange }: Pick<DeployPorts, 'confirmLiveChange'>,
  { target, isFirst, isRecorded }: DeployDecision & Pick<PreparedDeploy, 'isRecorded'>,
  { allowDataLoss, take }: DeployOptions,
): (plan: StackPlan) => Promise<string | undefined> {
  const confirmed = new Map<string, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  const ask = (lines: readonly string[]) => {
    const asked = last.then(async () => {
      try {
        await confirmLiveChange(lines);
        return undefined;
      } catch (error) {
        if (error instanceof RefusedError || error instanceof CancelledError) return error.message;
        throw error;
      }
    });
    last = asked.catch(() => undefined);
    return asked;
  };
  return async ({ stack, changes }) => {
    const lost = allowDataLoss ? [] : dataLosses(changes);
    const copies = lost.filter(takesCopy);
    if (lost.length > copies.length) return refusal('data would be lost', lost, 'If that is meant: --allow-data-loss');
    if (copies.length > 0) {
      return refusal(
        'tables would lose their copies in the other region, until they are made anew',
        copies,
        'A table gets its key in place beforehand: docs/operations.md, "Keys of your own". If it is meant like this: --allow-data-loss',
      );
    }
    if (isFirst || stack.kind === target) return undefined;
    const gone = stack.kind === 'api' ? takenAway(changes) : [];
    if (gone.length > 0) {
      return refusal(
        `${target} and every other environment would lose what they run on`,
        gone,
        'They cannot be changed in place: undo that in the code, or deploy it as another stage.',
      );
    }
    const settles = take !== undefined && (stack.kind === 'entry' || stack.kind === 'routing');
    const isNoticed = (change: PlannedChange) =>
      impactOf(change, stack, target) === 'live' || (!isRecorded && mayBeInUse(change, stack));
    const noticed = settles ? [] : changes.filter(isNoticed);
    if (noticed.length === 0) return undefined;
    const lines = noticed.map((change) => `${stack.kind}: ${describePlannedChange(change)}`);
    const key = lines.join('\n');
    const answer = confirmed.get(key) ?? ask(lines);
    confirmed.set(key, answer);
    return answer;
  };
}

/** Of a stage whose live environment left no record, as version 0.1.0 wrote none, nobody knows what a function or role is still needed for. */
function mayBeInUse({ type, action }: PlannedChange, { kind }: SynthesizedStack): boolean {
  return kind === 'api' && action === 'destroy' && ['aws_iam_role', 'aws_lambda_function'].includes(type);
}

function refusal(why: string, changes: readonly PlannedChange[], remedy: string): string {
  const lines = changes.map((change) => `  ${describePlannedChange(change)}`);
  return `Nothing of this stack was applied, as ${why}:\n${lines.join('\n')}\n${remedy}`;
}
