import { Argument, Command } from 'commander';
import type { RegionType } from '#local/model/model.ts';

/** `two-region local env`: how any client reaches the services of the running runtime. */
export function envCommand(): Command {
  return new Command('env')
    .description('print the variables with which AWS CLI and any SDK use the services of the running runtime')
    .addArgument(new Argument('[region]', 'of which region').choices(['primary', 'secondary']).default('primary'))
    .option('--json', 'print one JSON document: variable to value')
    .addHelpText(
      'after',
      `
The credentials are those of a user who may do anything there, and open nothing elsewhere. They change with every start.

Examples:
  eval "$(npx two-region local env)"; aws dynamodb list-tables
  eval "$(npx two-region local env secondary)"; aws s3 ls`,
    )
    .action(async (region: RegionType, flags: { json?: true }) => {
      const { printEnvironment } = await import('#operator/local/print-environment.ts');
      await printEnvironment(region, flags);
    });
}
