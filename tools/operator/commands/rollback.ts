import { Command } from 'commander';

/** `two-region rollback STAGE`. */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('move live traffic back to the environment that had it before the last switch; nothing is built')
    .argument('<stage>', 'stage of settings.conf')
    .option('--allow-redeployed', 'also when that environment was deployed again since')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('-y, --yes', 'do not ask before live traffic moves')
    .option('--json', 'print one JSON document: stage, from, to, outcome, seconds, steps')
    .addHelpText(
      'after',
      `
A rollback is a switch: looked at first, verified, put back when it fails. A second one goes forward again.

Examples:
  two-region rollback dev
  two-region rollback dev --yes --json
  two-region rollback dev --local`,
    )
    .action(async (stage: string, { allowRedeployed, ...flags }) => {
      const { runSwitch } = await import('#operator/switch/run-switch.ts');
      await runSwitch(stage, { kind: 'rollback', allowRedeployed: allowRedeployed === true }, flags);
    });
}
