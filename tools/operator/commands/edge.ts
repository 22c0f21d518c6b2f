import { Command } from 'commander';

/** `two-region edge …`: CloudFront before the regions. */
export function edgeCommand(): Command {
  return new Command('edge')
    .description('CloudFront before the regions (EDGE of settings.conf): docs/edge.md')
    .addHelpText('after', '\nExample:\n  two-region edge rotate dev')
    .addCommand(rotateCommand());
}

function rotateCommand(): Command {
  return new Command('rotate')
    .description('make a new secret by which the regions know the edge, without a moment in which they refuse it')
    .argument('<stage>', 'stage of settings.conf')
    .option('--finish', 'the regions take the secret before the current one no longer')
    .option('-y, --yes', 'do not ask before web ACLs and distributions of live traffic change')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Both regions take the new secret beside the old one before the edge sends it. Nothing but web ACLs and distributions is applied.
Values are never printed; the parameter edge_secret has them.

Examples:
  two-region edge rotate dev
  two-region edge rotate dev --finish`,
    )
    .action(async (stage: string, flags) => {
      const { runRotate } = await import('#operator/edge/run-edge.ts');
      await runRotate(stage, flags);
    });
}
