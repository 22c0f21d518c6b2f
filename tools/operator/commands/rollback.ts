import { Command, Option } from 'commander';
import { withoutOption } from '#operator/cli/flags.ts';

/** `two-region rollback STAGE`. */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('move live traffic back to the environment that had it before the last switch; nothing is built')
    .argument('<stage>', 'stage of settings.conf')
    .option('--allow-redeployed', 'also when that environment was deployed again since')
    .addOption(withoutOption())
    .addOption(
      new Option('--container', 'of the container API, to the tasks that had it before').conflicts([
        'allowRedeployed',
        'without',
        'local',
      ]),
    )
    .option('--local', 'of the local runtime that runs in this folder')
    .option('-y, --yes', 'do not ask before live traffic moves')
    .option('--json', 'print one JSON document: stage, from, to, outcome, seconds, steps')
    .addHelpText(
      'after',
      `
A rollback is a switch: looked at first, verified, put back when it fails. A second one goes forward again.

--without secondary: the region that is left moves alone, and nothing is asked of the other one, nor waited for. What the
secondary region will lack is written down in the primary, and status shows it. Left out are the other region's checks and
the public name, which may lead there. --without primary wants traffic to be away from it: two-region route-away.

--container: at once while the tasks before still run (CONTAINER_KEEP_MINUTES), else by a deployment of what they ran.

Examples:
  two-region rollback dev
  two-region rollback dev --yes --json
  two-region rollback dev --without secondary    when that region is lost
  two-region rollback dev --local`,
    )
    .action(async (stage: string, { allowRedeployed, ...flags }) => {
      if (flags.container) {
        const { runContainer } = await import('#operator/container/run-container.ts');
        await runContainer(stage, 'rollback', flags);
        return;
      }
      const { runSwitch } = await import('#operator/switch/run-switch.ts');
      await runSwitch(stage, { kind: 'rollback', allowRedeployed: allowRedeployed === true }, flags);
    });
}
