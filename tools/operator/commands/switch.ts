import { Command, Option } from 'commander';
import { UsageError } from '#operator/cli/errors.ts';

/** `two-region switch STAGE [ENVIRONMENT]`. */
export function switchCommand(): Command {
  return new Command('switch')
    .description('move live traffic to the other environment, in both regions or not at all')
    .argument('<stage>', 'stage of settings.conf')
    .argument('[environment]', 'where to (default: the one that is not the target)')
    .addOption(new Option('--resume', 'go on with a switch that a command left unfinished').conflicts('revert'))
    .addOption(new Option('--revert', 'put back what an unfinished switch moved'))
    .option('--local', 'of the local runtime that runs in this folder')
    .option('-y, --yes', 'do not ask before live traffic moves')
    .option('--json', 'print one JSON document: stage, from, to, outcome, seconds, steps')
    .addHelpText(
      'after',
      `
Both regions are looked at first; then the standby region moves, the other one, routing, each verified. Whatever fails,
what was moved is put back, and the exit code is 1; 2 when the switch was refused and nothing was changed.
Ctrl-C: the step under way is finished, then everything is put back.

Examples:
  two-region switch dev                  to the idle environment
  two-region switch dev envB
  two-region switch dev --revert         after a command that was killed
  two-region switch dev envB --local     the same, rehearsed on this machine`,
    )
    .action(async (stage: string, environment: string | undefined, { resume, revert, ...flags }) => {
      const kind = resume ? 'resume' : revert ? 'revert' : undefined;
      if (kind !== undefined && environment !== undefined) {
        throw new UsageError(`--${kind} goes where the unfinished switch went; an environment can't be named, too.`);
      }
      const { runSwitch } = await import('#operator/switch/run-switch.ts');
      const begins = { kind: 'switch' as const, ...(environment !== undefined && { environment }) };
      await runSwitch(stage, kind === undefined ? begins : { kind }, flags);
    });
}
