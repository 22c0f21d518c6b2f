import { Command, Option } from 'commander';
import { UsageError } from '#operator/cli/errors.ts';
import { parseSeconds, withoutOption } from '#operator/cli/flags.ts';

/** `two-region deploy STAGE [ENVIRONMENT]`. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description('deploy a stage to both regions, to the environment that receives no traffic; the target never moves')
    .argument('<stage>', 'stage of settings.conf')
    .argument('[environment]', 'where to deploy to (default: the one that is not the target)')
    .option('--stack <stacks...>', 'these stacks and those that they depend on: envA-primary, or envA for both regions')
    .option('--only <stacks...>', 'exactly these stacks, in order')
    .option('--plan', 'show what would be done; exit code 2 when something would')
    .addOption(
      new Option('--take <region>', 'region whose target is right, where they disagree').choices([
        'primary',
        'secondary',
      ]),
    )
    .option(
      '--with-new-versions',
      'let pinned functions, and those of the live environment, take their newest versions, too',
    )
    .option('--allow-data-loss', 'let tables and buckets be destroyed or replaced')
    .option(
      '--allow-live-change',
      'do not ask before what every environment has at once is changed: CORS, limits, the public names',
    )
    .option(
      '--lock-timeout <seconds>',
      'how long to wait for a state that somebody else has locked (default: 60)',
      parseSeconds,
    )
    .option('--no-wait', 'do not wait until the other region has the copies of the states')
    .addOption(withoutOption())
    .addOption(
      new Option(
        '--container',
        'start tasks of the newest image of the container API beside those that serve',
      ).conflicts(['stack', 'only', 'plan', 'take', 'without', 'local']),
    )
    .addOption(
      new Option('--local', 'to the local runtime that runs in this folder').conflicts([
        'stack',
        'only',
        'plan',
        'take',
        'allowDataLoss',
        'lockTimeout',
      ]),
    )
    .option('-y, --yes', 'do not ask before a first deploy, or before the live environment is applied')
    .option(
      '--json',
      'print one JSON document: stage, first, target, names, environments, pinned, stacks; with --without also catchUp; error when it failed',
    )
    .addHelpText(
      'after',
      `
--stack leaves out the live environment, unless it is named: what depends on it is applied without it.
Exit code 4 when a stack fails: the state holds what was done, and the same command goes on.
Ctrl-C: Terraform ends what it has begun and releases its lock.

--without applies the stacks of the other region alone, and writes down that the lost one has to catch up. Left out are the
stacks with parts in both regions (data, routing, certificates, observability) and the look at the account. Without the
primary region: see two-region rollback --help.

--container applies no stack: in both regions CodeDeploy starts tasks of what the stack container was deployed with last, behind
port 8443, and waits for: two-region switch STAGE --container.

Examples:
  two-region deploy dev                  everything on the first time, then the idle environment
  two-region deploy dev envB
  two-region deploy dev --stack api      data, base and api
  two-region deploy dev --only api       api alone
  two-region deploy dev --plan
  two-region deploy dev --local          the present code, to the idle environment of this machine`,
    )
    .action(async (stage: string, environment: string | undefined, flags) => {
      if (flags.container) {
        if (environment !== undefined) throw new UsageError('--container has no environments, leave it out.');
        const { runContainer } = await import('#operator/container/run-container.ts');
        await runContainer(stage, 'deploy', flags);
        return;
      }
      if (flags.local) {
        const { runLocalDeploy } = await import('#operator/deploy/run-local-deploy.ts');
        await runLocalDeploy(stage, environment, flags);
        return;
      }
      const { runDeploy } = await import('#operator/deploy/run-deploy.ts');
      await runDeploy(stage, environment, flags);
    });
}
