import { accessOf } from '../aws/aws-access.ts';
import { explainingCredentials } from '../aws/credentials-error.ts';
import { progressView } from '../deploy/progress-view.ts';
import { EndWith, ExitCode } from '../exit-codes.ts';
import { loadStageContext } from '../stage-context.ts';
import { colorsFor } from '../terminal.ts';
import { awsFacts } from './aws/aws-facts.ts';
import { compareRegions } from './compare.ts';
import { describeParity } from './describe-parity.ts';

export interface ParityFlags {
  readonly json?: true;
}

/** Prints what differs between the regions. @throws EndWith exit code 2 when something does that may not */
export async function runParity(stage: string, flags: ParityFlags): Promise<void> {
  const context = loadStageContext(stage);
  const view = progressView(process.stderr, colorsFor(process.stderr));
  view.phase('reading both regions');
  const [primary, secondary] = await explainingCredentials(accessOf(context), () =>
    Promise.all([awsFacts(context, 'primary'), awsFacts(context, 'secondary')]),
  ).finally(() => view.end());
  const parity = compareRegions(primary, secondary);
  const document = { stage: context.stage, ...parity };
  console.log(flags.json ? JSON.stringify(document) : describeParity(parity, colorsFor(process.stdout)));
  if (parity.differences.length > 0) throw new EndWith(ExitCode.Usage);
}
