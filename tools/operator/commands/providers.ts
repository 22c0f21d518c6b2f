import { Command } from 'commander';

/** `two-region providers lock`. */
export function providersCommand(): Command {
  const providers = new Command('providers')
    .description("Terraform's providers: which versions every machine takes")
    .addHelpText('after', '\nExamples:\n  two-region providers lock\n  two-region providers lock --upgrade');
  providers
    .command('lock')
    .description('renew .terraform.lock.hcl: the version of the AWS provider, and its checksums for every platform')
    .option('--upgrade', 'take the newest version that the stacks allow (default: the one that is locked)')
    .option('--platform <platforms...>', 'checksums of these only, such as linux_amd64 (default: the usual five)')
    .option('--json', 'print one JSON document: version, before, changed')
    .addHelpText(
      'after',
      `
Terraform asks the registry, or the mirror that its CLI configuration names.

Examples:
  two-region providers lock
  two-region providers lock --upgrade
  TF_CLI_ARGS_providers_lock=-fs-mirror=/path two-region providers lock --platform linux_amd64`,
    )
    .action(async (flags) => {
      const { runProvidersLock } = await import('#operator/providers/run-providers.ts');
      await runProvidersLock(flags);
    });
  return providers;
}
