import { Command } from 'commander';
import { parseSeconds, withoutOption } from '#operator/cli/flags.ts';

/** `two-region status [STAGE]`. */
export function statusCommand(): Command {
  return new Command('status')
    .description('where live traffic goes and what runs in each region; disagreements between the regions')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('--watch [seconds]', 'look again every so many seconds (default: 5), until Ctrl-C', parseSeconds)
    .addOption(withoutOption())
    .option('--json', 'print one JSON document; with --watch one per line')
    .addHelpText(
      'after',
      `
--without leaves out what concerns both regions: whether they hold the same, and what the account lacks.

Examples:
  two-region status dev
  two-region status dev --watch 10
  two-region status dev --without secondary    when that region is lost
  two-region status --local`,
    )
    .action(async (stage: string | undefined, flags) => {
      const { runStatus } = await import('#operator/status/run-status.ts');
      await runStatus(stage, flags);
    });
}
