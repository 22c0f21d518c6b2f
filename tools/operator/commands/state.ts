import { Command } from 'commander';

/** Imported when a command runs: the AWS SDK takes time to load. */
const load = () => import('#operator/state/run-state.ts');

/** `two-region state …`: Terraform's state of a stage, and its copy in the second region. */
export function stateCommand(): Command {
  return new Command('state')
    .description(
      "Terraform's state of a stage: compare it with its copy in the secondary region, use the copy, go back",
    )
    .addHelpText(
      'after',
      '\nExamples:\n  two-region state verify dev\n  two-region state recover prod\n  two-region state return prod',
    )
    .addCommand(verifyCommand())
    .addCommand(recoverCommand())
    .addCommand(returnCommand());
}

function verifyCommand(): Command {
  return subcommand('verify', 'compare states, digests, copies and locks; exit code 2 when something differs')
    .option('--json', 'print one JSON document: stage, live, copy, states, notDeployed, differences')
    .addHelpText(
      'after',
      `
Per stack: the state and its serial, whether the lock table's digest is the state's, how the other region's copy stands to it, who has
locked it. Buckets, lock tables, replication and its role are looked at as bootstrap makes them. Nothing is changed.

Examples:
  two-region state verify dev
  two-region state verify prod --json`,
    )
    .action(async (stage, flags) => (await load()).runVerify(stage, flags));
}

function recoverCommand(): Command {
  return subcommand('recover', "when the primary region is gone: make the secondary region's copy usable")
    .option('--accept', 'take copies that do not know all that is live in the secondary region (default: refuse them)')
    .option('--json', 'print one JSON document: stage, live, primary, parts, states, backend, setting')
    .addHelpText(
      'after',
      `
Checks every copy, compares functions' versions, deployments, keys and targets with what is live in the secondary region, writes digests into its
lock table, and prints what to set in settings.conf (STATE_IN_SECONDARY) for two-region and cdktf to work with them. Asks nothing of the primary
region but whether it answers.

Examples:
  two-region state recover prod
  two-region state recover prod --accept
  two-region state recover prod --json`,
    )
    .action(async (stage, flags) => (await load()).runRecover(stage, flags));
}

function returnCommand(): Command {
  return subcommand('return', 'when the primary region is back: copy what is newer to it and use it again')
    .option('--json', 'print one JSON document: stage, live, states, backend, setting')
    .addHelpText(
      'after',
      `
Makes bucket, lock table and replication again where they are gone, as bootstrap does. Refuses, before anything is written, where the
primary region has a state that the secondary's did not come from.

Examples:
  two-region state return prod
  two-region state return prod --json`,
    )
    .action(async (stage, flags) => (await load()).runReturn(stage, flags));
}

function subcommand(name: string, description: string): Command {
  return new Command(name).description(description).argument('<stage>', 'stage of settings.conf');
}
