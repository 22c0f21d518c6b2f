import { Command } from 'commander';

/** `two-region lint STAGE`. */
export function lintCommand(): Command {
  return new Command('lint')
    .description('look for what makes a stage fail when a region is lost or a release is switched; without AWS')
    .argument('<stage>', 'stage of settings.conf')
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0, too, for code review')
    .option('--json', 'print one JSON document: stage, findings, unused')
    .addHelpText(
      'after',
      `
The stage is synthesized and its stacks are looked at as they would be applied. Each finding names the construct, the file that
declares it, why it matters and what mends it; exit code 2 where there is one. What is meant goes into LINT_ALLOW of
settings.conf, with its reason; an entry that nothing needs is a finding, too. two-region synth looks, too.

Examples:
  two-region lint dev
  two-region lint prod --sarif lint.sarif`,
    )
    .action(async (stage: string, flags) => {
      const { runLint } = await import('#operator/lint/run-lint.ts');
      await runLint(stage, flags);
    });
}
