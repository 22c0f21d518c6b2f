import { Command } from 'commander';

/** `two-region parity STAGE`. */
export function parityCommand(): Command {
  return new Command('parity')
    .description('what differs between the two regions; exit code 2 when something does that may not')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('--json', 'print one JSON document: stage, regions, same, differences, allowed')
    .addHelpText(
      'after',
      `
Compared are code, versions and configuration of the functions as each environment runs them, where the public names
lead, deployments and settings of the gateways' stages, usage plans with their keys, parameters, log retention, alarms.
Secrets are compared by fingerprint and never shown. What may differ is listed with the reason.

Examples:
  two-region parity dev
  two-region parity --local`,
    )
    .action(async (stage: string | undefined, flags) => {
      const { runParity } = await import('#operator/parity/run-parity.ts');
      await runParity(stage, flags);
    });
}
