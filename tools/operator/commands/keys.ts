import { Command } from 'commander';
import { withoutOption } from '#operator/cli/flags.ts';

/** Imported when a command runs: the AWS SDK takes time to load. */
const load = () => import('#operator/keys/run-keys.ts');

/** `two-region keys …`: the API keys of a stage, one value in both regions. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('the API keys of a stage: the same in both regions, rotated without a moment in which none is valid')
    .addHelpText('after', '\nExamples:\n  two-region keys create dev\n  two-region keys rotate dev')
    .addCommand(createCommand())
    .addCommand(rotateCommand())
    .addCommand(listCommand())
    .addCommand(syncCommand());
}

function createCommand(): Command {
  return subcommand('create', 'make the first key and keep it in both regions; the next deploy admits it')
    .option('--reveal', 'print the key')
    .addHelpText('after', '\nExamples:\n  two-region keys create dev\n  two-region keys create dev --env preview');
}

function rotateCommand(): Command {
  return confirmed(subcommand('rotate', 'make a new key; the one before it stays valid until --finish'))
    .option('--finish', 'the key before the current one is valid no longer')
    .option('--reveal', 'print the new key')
    .addHelpText(
      'after',
      `
Both keys are admitted in both regions while clients change over. Nothing but keys is applied.
--without: in the other region alone; return gives them to the lost one.

Examples:
  two-region keys rotate dev
  two-region keys rotate dev --finish
  two-region keys rotate dev --without secondary    when that region is lost
  two-region keys rotate dev --local`,
    );
}

function listCommand(): Command {
  return subcommand('list', 'the keys of both regions by fingerprint, with what one of them lacks').addHelpText(
    'after',
    '\nExample:\n  two-region keys list dev',
  );
}

function syncCommand(): Command {
  return confirmed(
    subcommand('sync', "give both regions the keys that the primary region's parameter holds"),
  ).addHelpText('after', '\nExample:\n  two-region keys sync dev');
}

function confirmed(command: Command): Command {
  return command.option('-y, --yes', 'do not ask before keys of the live environment change');
}

function subcommand(name: 'create' | 'list' | 'rotate' | 'sync', description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<stage>', 'stage of settings.conf')
    .option('--env <environment>', 'preview for its own key (default: the API environments, which share one)')
    .addOption(withoutOption())
    .option('--local', 'of the local runtime that runs in this folder')
    .option('--json', 'print one JSON document')
    .action(async (stage: string, flags) => {
      const { runCreate, runList, runRotate, runSync } = await load();
      await { create: runCreate, list: runList, rotate: runRotate, sync: runSync }[name](stage, flags);
    });
}
