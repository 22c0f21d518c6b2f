import { Command, Option } from 'commander';

/** `two-region destroy STAGE`. */
export function destroyCommand(): Command {
  return new Command('destroy')
    .description(
      'take a stage down, in the reverse order of a deploy; its state bucket and what belongs to the account stay',
    )
    .argument('<stage>', 'stage of settings.conf')
    .option('--stack <stacks...>', 'only these: envA-primary, or envA for both regions')
    .addOption(
      new Option('--env <environment>', 'only this environment, also one that settings.conf no longer names').conflicts(
        'stack',
      ),
    )
    .option('--allow-data-loss', 'tables and buckets that are protected go, too; asks once more')
    .option('--allow-no-rollback', 'with --env: also the environment that a rollback would return to')
    .option('--dry-run', 'show what would be destroyed; exit code 2 when something would')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print one JSON document: stage, stacks, data, kept; error when it failed')
    .addHelpText(
      'after',
      `
Asks for the stage's name. One Terraform process per stack; what reads a stack goes before it. Ctrl-C: Terraform ends
what it has begun and releases its lock; the same command goes on. Exit code 4 when a stack fails.
Parameters of Parameter Store stay: two-region deploy makes the stage again.

Examples:
  two-region destroy dev --dry-run
  two-region destroy dev
  two-region destroy dev --stack routing
  two-region destroy dev --env envC               an environment without traffic, and nothing else
  two-region destroy prod --allow-data-loss       its data, too`,
    )
    .action(async (stage: string, flags) => {
      const { runDestroy } = await import('#operator/destroy/run-destroy.ts');
      await runDestroy(stage, flags);
    });
}
