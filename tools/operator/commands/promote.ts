import { Command } from 'commander';
import { withoutOption } from '#operator/cli/flags.ts';

/** `two-region promote STAGE FUNCTION…`. */
export function promoteCommand(): Command {
  return new Command('promote')
    .description('publish what the environment preview runs, and point the idle environment at exactly that')
    .argument('<stage>', 'stage of settings.conf')
    .argument('[functions...]', 'functions as the contract names them: user, events, …')
    .option('--all', 'every function')
    .option('--env <environment>', 'environment to promote to (default: the one that is not the target)')
    .option('--local', 'of the local runtime that runs in this folder')
    .addOption(withoutOption())
    .option('--no-smoke', "do not call the environment afterwards with the contract's examples")
    .option(
      '--json',
      'print one JSON document: stage, target, environment, functions, stacks, smoke; with --without also without, catchUp',
    )
    .addHelpText(
      'after',
      `
Both regions must run the same code in preview. Functions that are not named keep their versions. What was promoted
is pinned: later deploys leave it at its version, until deploy is told --with-new-versions.
--without works in the other region alone, and writes down that the lost one has to catch up. Without the primary region:
see two-region rollback --help.

Live traffic never moves. Exit code 1 when a response is not as the contract says, 4 when Terraform fails.

Examples:
  two-region promote dev user
  two-region promote dev user events --env envB
  two-region promote dev --all
  two-region promote dev user --without secondary    when that region is lost
  two-region promote dev user --local`,
    )
    .action(async (stage: string, functions: string[], flags) => {
      const { runPromote } = await import('#operator/promote/run-promote.ts');
      await runPromote(stage, functions, flags);
    });
}
