import { Command } from 'commander';

/** `two-region bootstrap [stage]`: what keeps Terraform's state, and its copy in the second region. */
export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .description(
      "make the bucket and the lock table of a stage's Terraform state, and their copies in the secondary region; repairs what differs, safe to run again",
    )
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--json', 'print one JSON document: stage, account, resources with findings')
    .addHelpText(
      'after',
      '\nExamples:\n  two-region bootstrap dev\n  AWS_PROFILE=admin two-region bootstrap prod --json',
    )
    .action(async (stage: string | undefined, flags: { json?: true }) => {
      const { runBootstrap } = await import('#operator/state/run-state.ts');
      await runBootstrap(stage, flags);
    });
}
