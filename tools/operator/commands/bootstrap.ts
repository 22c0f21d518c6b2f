import { Command } from 'commander';

/** `two-region bootstrap [stage]`: the bucket of Terraform's state and the table of its locks. */
export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .description('make the bucket and the lock table of a stage’s Terraform state, or repair them; safe to run again')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  two-region bootstrap dev\n  AWS_PROFILE=admin two-region bootstrap prod --json',
    )
    .action(async (stage: string | undefined, { json }: { json?: true }) => {
      const { runBootstrap } = await import('../state/run-bootstrap.ts');
      await runBootstrap(stage, { json: json === true });
    });
}
