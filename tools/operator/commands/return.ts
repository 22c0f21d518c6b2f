import { Argument, Command } from 'commander';
import type { RegionType } from '#stacks/context.ts';

/** `two-region return STAGE REGION`. */
export function returnCommand(): Command {
  return new Command('return')
    .description('bring a region that was lost level with the other one, and then let traffic go there again')
    .argument('<stage>', 'stage of settings.conf')
    .addArgument(new Argument('<region>', 'which region').choices(['primary', 'secondary']))
    .option('--local', 'of the local runtime that runs in this folder')
    .option('-y, --yes', 'do not ask before it is changed, nor before traffic may go there')
    .option(
      '--json',
      'print one JSON document: stage, region, outcome, done, problems, parity, tables, conflicts, route',
    )
    .addHelpText(
      'after',
      `
What was done without the region is done in it: Terraform's states, parameters, what was deployed or promoted (its own stacks,
from this folder: take the code that the other region runs), keys, the environment that its names lead to.
Then both regions are compared: whatever parity compares, and the items of the tables, until replication has drained.
Only if all is the same, traffic may go there again, as by route-back; otherwise exit code 1, what differs is named, and
traffic keeps away as before. The same command goes on.

Items that both regions had written are named, with the region whose write stayed, as far as they still differed when the
command began. A table of more than 5000 items is not compared, and said to be so.

Examples:
  two-region return dev primary
  two-region return dev secondary --yes --json
  two-region return dev primary --local`,
    )
    .action(async (stage: string, region: RegionType, flags) => {
      const { runReturn } = await import('#operator/return/run-return.ts');
      await runReturn(stage, region, flags);
    });
}
