import { Argument, Command } from 'commander';
import type { FailureMode } from '#local/failure/failure.ts';
import type { RegionType } from '#local/model/model.ts';
import { parseFailureMode } from '#operator/cli/flags.ts';

interface Flags {
  readonly wait: boolean;
  readonly json?: true;
}

interface FailFlags extends Flags {
  readonly mode: FailureMode;
  readonly what: string;
}

const regionArgument = () => new Argument('<region>', 'which region').choices(['primary', 'secondary']);

/** `two-region local fail <region>`: a region of the running runtime, or a part of it, fails. */
export function failCommand(): Command {
  return new Command('fail')
    .description('make a region of the running runtime fail, and say what happened when')
    .addArgument(regionArgument())
    .option(
      '--mode <mode>',
      'refuse connections, drop packets, slow or slow=3s, errors=20% (default: refuse)',
      parseFailureMode,
      { kind: 'refuse' } satisfies FailureMode,
    )
    .option(
      '--what <part>',
      'region, rest, http, domain, certificate, parameters, function:NAME, table:NAME, bucket:NAME; the end of a name is enough',
      'region',
    )
    .option('--no-wait', 'do not wait for the health checks and the entry')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Several parts may fail at once. Where no health check would notice, it says so and why, and does not wait.

Examples:
  two-region local fail primary
  two-region local fail primary --mode drop
  two-region local fail primary --what table:user --mode errors=20%`,
    )
    .action(async (region: RegionType, { mode, what, wait, json }: FailFlags) => {
      const { changeRegion } = await import('#operator/local/change-region.ts');
      await changeRegion({ region, action: 'fail', failure: { part: what, mode }, wait, json });
    });
}

/** `two-region local recover <region>`: all of it responds again. */
export function recoverCommand(): Command {
  return new Command('recover')
    .description('let all of a region respond again, and say what happened when')
    .addArgument(regionArgument())
    .option('--no-wait', 'do not wait for the health checks and the entry')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  two-region local recover primary\n  two-region local recover secondary --no-wait',
    )
    .action(async (region: RegionType, { wait, json }: Flags) => {
      const { changeRegion } = await import('#operator/local/change-region.ts');
      await changeRegion({ region, action: 'recover', wait, json });
    });
}

/** `two-region local partition`: the regions can't reach each other. */
export function partitionCommand(): Command {
  return new Command('partition')
    .description('cut the regions of the running runtime off from each other: clients reach both, nothing replicates')
    .option('--end', 'let them reach each other again; what was written meanwhile replicates')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  two-region local partition\n  two-region local partition --end')
    .action(async (flags: { end?: true; json?: true }) => {
      const { partitionRegions } = await import('#operator/local/change-region.ts');
      await partitionRegions(flags);
    });
}
