import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage } from '#operator/cli/run-command.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { awsSwitchRecords, type SwitchRecords } from '#operator/journal/stage-records.ts';
import { EMPTY_JOURNAL, type Stagger, staggerOf, unfinished } from '#operator/journal/switch-journal.ts';
import { compareRegions, type Parity } from './compare.ts';
import { describeParity } from './describe-parity.ts';

interface ParityFlags {
  readonly local?: true;
  readonly json?: true;
}

/** Prints what differs between the regions; exit code 2 when something does that may not. */
export function runParity(stage: string | undefined, flags: ParityFlags): Promise<void> {
  if (flags.local) return runCommand(flags, () => localParity(stage), REPORT);
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      view.phase('reading both regions');
      const { awsFacts } = await import('./aws/aws-facts.ts');
      const [primary, secondary] = await Promise.all([awsFacts(context, 'primary'), awsFacts(context, 'secondary')]);
      return {
        stage: context.stage,
        ...compareRegions(primary, secondary, await staggerNow(awsSwitchRecords(context))),
      };
    },
    REPORT,
  );
}

type StageParity = Parity & { readonly stage: string };

const REPORT: CommandReport<StageParity> = {
  text: describeParity,
  exitCode: ({ differences }) => (differences.length > 0 ? ExitCode.Usage : ExitCode.Done),
};

async function localParity(wanted: string | undefined): Promise<StageParity> {
  const [{ runningStage }, { readLocalFacts }] = await Promise.all([
    import('#operator/cli/running-stage.ts'),
    import('./local/local-facts.ts'),
  ]);
  const { context, control } = await runningStage(wanted);
  const [primary, secondary] = await readLocalFacts(context, control);
  return { stage: context.stage, ...compareRegions(primary, secondary, await staggerNow(localSwitchRecords(control))) };
}

/** Where the journal can't be read no stagger is known, and the regions' targets count as different. */
export async function staggerNow({ journal }: Pick<SwitchRecords, 'journal'>): Promise<Stagger | undefined> {
  const open = unfinished(await journal.read().catch(() => EMPTY_JOURNAL));
  return open && staggerOf(open);
}
