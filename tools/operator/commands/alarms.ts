import { Command } from 'commander';
import { parseSince } from '#operator/cli/flags.ts';

/** `two-region alarms [STAGE]`. */
export function alarmsCommand(): Command {
  return new Command('alarms')
    .description('state of every alarm in both regions, since when and why; exit code 2 when one is in ALARM')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--history [since]', 'what changed since then: 2h, 3d, or a time (default: 1d)', parseSince)
    .option('--local', 'ask the local runtime, which evaluates the same alarms on what it serves')
    .option('--json', 'print one JSON document: stage, regions, each with its alarms and changes')
    .addHelpText(
      'after',
      `
What each alarm watches, and what to do when it goes off: docs/operations.md, "Alarms".

With --local metrics of DynamoDB have no data: their alarms stay as if nothing happened.

Examples:
  two-region alarms dev
  two-region alarms dev --history 6h
  two-region alarms --local`,
    )
    .action(async (stage: string | undefined, flags) => {
      const { runAlarms } = await import('#operator/alarms/run-alarms.ts');
      await runAlarms(stage, flags);
    });
}
