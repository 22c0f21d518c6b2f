import { Command } from 'commander';

/** `two-region doctor [STAGE…]`. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check what is needed, with a remedy for each that is missing; exit code 2 when a check fails')
    .argument('[stages...]', 'stages whose AWS account is checked, too (default: this machine only)')
    .option('--drill', 'what a loss of a region would meet today, instead of what a deploy needs')
    .option('--json', 'print one JSON document: checks with about, name, outcome, found, fix')
    .addHelpText(
      'after',
      `
This machine: Node.js, Terraform, packages, settings.conf, a local runtime. Per stage: credentials and whose they are, both regions, clock,
state storage, parameters. Nothing is changed.

With --drill, per stage: whether whoever asks may act without IAM Identity Center, whether route-away could be written in each region, whether
both regions hold what is live and are healthy, whether the state's copies are complete, whether an archive of two-region pack is there, fits the
code at hand and was verified, and how long a failover would take.

Examples:
  two-region doctor                 what the local runtime and a synthesis need
  two-region doctor dev prod        … and what deploys of both stages need
  two-region doctor prod --drill    what is ready if a region is lost today
  two-region doctor dev --json`,
    )
    .action(async (stages: string[], flags: { drill?: true; json?: true }) => {
      const { runDoctor } = await import('#operator/doctor/run-doctor.ts');
      await runDoctor(stages, flags);
    });
}
