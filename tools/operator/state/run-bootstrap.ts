import { accessOf } from '../aws/aws-access.ts';
import { explainingCredentials } from '../aws/credentials-error.ts';
import { loadStageContext } from '../cli/stage-context.ts';
import { colorsFor } from '../cli/terminal.ts';
import { bootstrapState, isAfterLoss } from './bootstrap.ts';
import { describeBootstrap } from './describe-bootstrap.ts';

/** Bootstraps a stage's state and prints what was found and done; progress goes to stderr. */
export async function runBootstrap(stage: string | undefined, { json }: { readonly json: boolean }): Promise<void> {
  const context = loadStageContext(stage);
  const tell = (message: string) => console.error(message);
  const report = await explainingCredentials(accessOf(context), () => bootstrapState(context, tell));
  console.log(json ? JSON.stringify(report) : describeBootstrap(report, colorsFor(process.stdout)));
  if (!isAfterLoss(report)) return;
  tell(
    `The primary region’s bucket is new, the secondary’s was there. Before anybody deploys with an empty state: two-region state recover ${context.stage}, ` +
      `then two-region state return ${context.stage}`,
  );
}
