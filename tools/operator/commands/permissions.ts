import { Command, Option } from 'commander';

/** `two-region permissions STAGE`. */
export function permissionsCommand(): Command {
  return new Command('permissions')
    .description(
      'print the least IAM policy of who deploys a stage, only switches it, replays, drills or plans, as one JSON document',
    )
    .argument('<stage>', 'stage of settings.conf')
    .addOption(
      new Option(
        '--task <task>',
        'what the policy is for: bootstrap, parameters, deploys, keys and destroys; switches and rollbacks; the same with canaries; replays; drills; or diff',
      )
        .choices(['deploys', 'switches', 'canaries', 'replays', 'drills', 'plans'])
        .default('deploys'),
    )
    .option('--account <id>', 'account that it is for, twelve digits (default: any)')
    .addHelpText(
      'after',
      `
Made from the types of the stage's resources and from what the command line asks by itself. AWS is not asked. A policy of more than 6144
characters does not fit into one managed policy: put it in as an inline policy of a role (10240 characters).

Examples:
  two-region permissions prod
  two-region permissions prod --task switches --account 123456789012 > switches.json
  two-region permissions prod --task plans       what a pull request's plan may do: read, and lock the states`,
    )
    .action(async (stage: string, flags) => {
      const { runPermissions } = await import('#operator/permissions/run-permissions.ts');
      await runPermissions(stage, flags);
    });
}
