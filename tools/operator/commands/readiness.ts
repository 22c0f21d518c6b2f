import { Command } from 'commander';

/** `two-region readiness [STAGE]`. */
export function readinessCommand(): Command {
  return new Command('readiness')
    .description('whether the stage could do without a region today; exit code 2 when a check fails')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--strict', 'warnings count as failures, too')
    .option('--history', 'what earlier runs came to, and nothing is asked')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('--json', 'print one JSON document: stage and checks with name, outcome, found, fix; or stage and runs')
    .addHelpText(
      'after',
      `
Asked is what a failover needs and what changes by itself, or by others: whether both regions hold what is live and are healthy, parity, heartbeats,
alarms, the last drill, certificates and the records that renew them, what either region's account may do at once against the other's and against the
highest load of the last day, the states' copies, API Gateway's logs, the tables' copies, public access, the alarms' e-mail, stages that share the account.
Nothing is changed but the history, a line per run beside the state, and with ALARM_READINESS_HOURS a metric that alarms hear of: a check failed, or
nobody has run it for so long. How to run it each day: docs/operations.md, "Ready for a loss".

Examples:
  two-region readiness prod
  two-region readiness prod --strict --json
  two-region readiness prod --history
  two-region readiness --local`,
    )
    .action(async (stage: string | undefined, flags) => {
      const { runReadiness } = await import('#operator/readiness/run-readiness.ts');
      await runReadiness(stage, flags);
    });
}
