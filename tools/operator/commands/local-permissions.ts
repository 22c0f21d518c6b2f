import { Command } from 'commander';

/** `two-region local permissions`: what the functions' policies allow and nothing has needed yet. */
export function permissionsCommand(): Command {
  return new Command('permissions')
    .description('list what the roles of the running runtime may do and no call has used since it was started')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Lists actions of DynamoDB, S3, Systems Manager, CloudWatch and API Gateway: the runtime does not serve what else a policy names.
Call every route in every environment and both regions first; what is listed then, no function needs.

Examples:
  two-region local permissions
  two-region local permissions --json`,
    )
    .action(async (flags: { json?: true }) => {
      const { listPermissions } = await import('#operator/local/list-permissions.ts');
      await listPermissions(flags);
    });
}
