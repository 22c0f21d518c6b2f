import { Command } from 'commander';

/** `two-region tidy STAGE`. */
export function tidyCommand(): Command {
  return new Command('tidy')
    .description(
      'remove function versions, packages, deployments, logs and shared resources that nothing needs any more',
    )
    .argument('<stage>', 'stage of settings.conf')
    .option('--dry-run', 'show what would be removed; exit code 2 when something would')
    .option('--allow-data-loss', 'tables that no environment uses any more go, too')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print one JSON document: stage, policy, dryRun, regions, stacks, remarks')
    .addHelpText(
      'after',
      `
Stays: what an alias, a pin, an environment or a release record names, and so whatever a rollback needs; the newest of
each, and what is young: TIDY_KEEP_NEWEST and TIDY_AFTER_DAYS of settings.conf. Functions, roles and tables that the
code and every environment have left go by Terraform, where the code has no other changes. No deploy runs meanwhile.
Of the local runtime there is nothing to tidy: it takes everything with it when it ends.

Examples:
  two-region tidy dev --dry-run
  two-region tidy dev
  two-region tidy prod --yes --json`,
    )
    .action(async (stage: string, flags) => {
      const { runTidy } = await import('#operator/tidy/run-tidy.ts');
      await runTidy(stage, flags);
    });
}
