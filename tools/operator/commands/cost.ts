import { Command, Option } from 'commander';

/** `two-region cost STAGE`. */
export function costCommand(): Command {
  return new Command('cost')
    .description(
      'what a stage costs a month, by service and region, and what other postures would cost; without AWS but for --diff',
    )
    .argument('<stage>', 'stage of settings.conf')
    .option('--usage <level or file>', 'low, medium or high, or a usage file in the format of Infracost', 'medium')
    .option('--infracost <file>', 'write the usage as a file that Infracost takes, too')
    .addOption(
      new Option(
        '--diff',
        'beside what is deployed: what the next deploy changes of the bill; its states are read from AWS',
      ).conflicts('infracost'),
    )
    .option(
      '--json',
      'print one JSON document: stage, usage, regions, estimate, postures, extras, warnings; with --diff before, after and changes',
    )
    .addHelpText(
      'after',
      `
The stage is synthesized and priced by a table with a date and sources. low is 1 million requests a month, medium 25 million,
high 500 million. Free tiers, discounts and taxes are left out.

Examples:
  two-region cost dev
  two-region cost prod --usage high
  two-region cost prod --diff --usage high
  two-region cost prod --infracost usage.yml     and then --usage usage.yml, edited`,
    )
    .action(async (stage: string, flags) => {
      const { runCost } = await import('#operator/cost/run-cost.ts');
      await runCost(stage, flags);
    });
}
