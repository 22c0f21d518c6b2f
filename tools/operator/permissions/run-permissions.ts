import { loadStageContext } from '#operator/cli/stage-context.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { stagePolicy, type Task } from '#stacks/permissions/stage-policy.ts';

/** Prints the policy as IAM takes it; AWS is not asked. */
export async function runPermissions(
  stage: string,
  { task, account }: { readonly task: Task; readonly account?: string },
): Promise<void> {
  const context = loadStageContext(stage);
  const stacks = await synthesizeStacks(context);
  const types = stacks.flatMap(({ resourceTypes }) => resourceTypes);
  console.log(JSON.stringify(stagePolicy(context, task, types, account), null, 2));
}
