import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { EndWith, ExitCode } from '#operator/cli/exit-codes.ts';
import { progressView } from '#operator/cli/progress-view.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { compareRegions, type Parity } from './compare.ts';
import { describeParity } from './describe-parity.ts';

export interface ParityFlags {
  readonly local?: true;
  readonly json?: true;
}

/** Prints what differs between the regions. @throws EndWith exit code 2 when something does that may not */
export async function runParity(stage: string | undefined, flags: ParityFlags): Promise<void> {
  const parity = flags.local ? await localParity(stage) : await awsParity(stage);
  console.log(flags.json ? JSON.stringify(parity) : describeParity(parity, colorsFor(process.stdout)));
  if (parity.differences.length > 0) throw new EndWith(ExitCode.Usage);
}

type StageParity = Parity & { readonly stage: string };

async function awsParity(stage: string | undefined): Promise<StageParity> {
  const context = loadStageContext(stage);
  const view = progressView(process.stderr, colorsFor(process.stderr));
  view.phase('reading both regions');
  const { awsFacts } = await import('./aws/aws-facts.ts');
  const [primary, secondary] = await explainingCredentials(accessOf(context), () =>
    Promise.all([awsFacts(context, 'primary'), awsFacts(context, 'secondary')]),
  ).finally(() => view.end());
  return { stage: context.stage, ...compareRegions(primary, secondary) };
}

async function localParity(wanted: string | undefined): Promise<StageParity> {
  const [{ connectControl }, { readLocalFacts }] = await Promise.all([
    import('#local/control/client.ts'),
    import('./local/local-facts.ts'),
  ]);
  const control = await connectControl(process.cwd());
  const [{ stage }, [primary, secondary]] = await Promise.all([control.status(), readLocalFacts(control, wanted)]);
  return { stage, ...compareRegions(primary, secondary) };
}
