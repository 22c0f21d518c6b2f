import { Command, Option } from 'commander';
import { withoutOption } from '#operator/cli/flags.ts';

/** Imported when a command runs: the AWS SDK takes time to load. */
const load = () => import('#operator/parameters/run-params.ts');

/** `two-region params …`: the values that a stage keeps in SSM Parameter Store. */
export function paramsCommand(): Command {
  return new Command('params')
    .description('the parameters of a stage: set in the primary region, mirrored to the secondary')
    .addHelpText('after', '\nExamples:\n  two-region params put dev\n  two-region params check dev')
    .addCommand(putCommand())
    .addCommand(getCommand())
    .addCommand(listCommand())
    .addCommand(checkCommand())
    .addCommand(syncCommand());
}

function putCommand(): Command {
  return subcommand('put', 'set one parameter, or all: asks for values unless --file gives them')
    .argument('[name]', 'one of PARAMETERS (default: all of them)')
    .option(
      '--file <file>',
      'with a name: holds its value; without: a JSON object, name to value; "-" is standard input',
    )
    .addOption(withoutOption())
    .addHelpText(
      'after',
      `
--without: set in the other region alone; status shows what the lost one has to catch up on.

A secret is typed hidden, or comes out of a file; it has no place on a command line.

Examples:
  two-region params put dev                               asks for every parameter
  two-region params put dev api_key                       asks for one
  two-region params put dev --file dev-parameters.json
  two-region params put dev replacement_map --file map.json
  two-region params put --local replacement_map --file map.json
  openssl rand -hex 32 | two-region params put dev api_key --file -`,
    )
    .action(async (stage, name, flags) => (await load()).runPut({ stage, name }, flags));
}

function getCommand(): Command {
  return subcommand('get', "print one parameter's value")
    .argument('[name]', 'name, or full path: /APP_NAME/stage/name')
    .option('--reveal', 'do not mask a secret')
    .addOption(new Option('--region <region>', 'where to read').choices(['primary', 'secondary']).default('primary'))
    .addOption(withoutOption().conflicts('region'))
    .addHelpText(
      'after',
      `
Examples:
  two-region params get dev /two-region-api/dev/domain_name
  two-region params get dev domain_name --without primary    when that region is lost`,
    )
    .action(async (stage, name, flags) => (await load()).runGet({ stage, name }, flags));
}

function listCommand(): Command {
  return subcommand('list', 'print every parameter, and where the secondary region differs')
    .option('--reveal', 'do not mask secrets')
    .addOption(withoutOption())
    .addHelpText('after', '\nExamples:\n  two-region params list dev\n  two-region params list dev --local --reveal')
    .action(async (stage, flags) => (await load()).runList(stage, flags));
}

function checkCommand(): Command {
  return subcommand('check', 'name what is missing, malformed or not mirrored; exit code 2 if anything is')
    .addOption(withoutOption())
    .addHelpText('after', '\nExample:\n  two-region params check dev')
    .action(async (stage, flags) => (await load()).runCheck(stage, flags));
}

function syncCommand(): Command {
  return subcommand('sync', "give the secondary region what it lacks of the primary's parameters")
    .addHelpText('after', '\nExample:\n  two-region params sync dev')
    .action(async (stage, flags) => (await load()).runSync(stage, flags));
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('[stage]', 'stage of settings.conf; with --local it may be left out')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('--json', 'print one JSON document');
}
