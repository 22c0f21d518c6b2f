import { Command } from 'commander';
import { withoutOption } from '#operator/cli/flags.ts';

/** `two-region diff STAGE [STACK…]`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('plan all or some stacks; exit code 0 without changes, 2 with changes, 1 when a plan fails')
    .argument('<stage>', 'stage of settings.conf')
    .argument('[stacks...]', 'envA-primary, or envA for both regions (default: all)')
    .option('--local', 'what deploy --local would change; with an environment in the place of stacks')
    .addOption(withoutOption().conflicts('local'))
    .option('--details', 'show each plan as Terraform does')
    .option('--json', 'print one JSON document: stage, target, stacks with counts and changes')
    .addHelpText(
      'after',
      `
--without plans the stacks of the other region alone: those of the lost one, and those with parts in both (data, routing,
certificates, observability), are left out, and so is what the account lacks.

Examples:
  two-region diff dev
  two-region diff dev data entry --details
  two-region diff dev --without secondary
  two-region diff dev --local`,
    )
    .action(async (stage: string, stacks: string[], flags) => {
      if (flags.local) {
        const { runLocalDiff } = await import('#operator/diff/diff-locally.ts');
        await runLocalDiff(stage, stacks, flags);
        return;
      }
      const { runDiff } = await import('#operator/diff/run-diff.ts');
      await runDiff(stage, stacks, flags);
    });
}
