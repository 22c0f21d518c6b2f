import { Argument, Command } from 'commander';
import type { RegionType } from '#local/model/model.ts';

interface Flags {
  readonly wait: boolean;
  readonly json?: true;
}

/** `two-region local fail <region>`: a region of the running runtime stops answering. */
export function failCommand(): Command {
  return regionCommand('fail', 'make a region of the running runtime stop answering, and say what happened when');
}

/** `two-region local recover <region>`: it answers again. */
export function recoverCommand(): Command {
  return regionCommand('recover', 'let a failed region answer again, and say what happened when');
}

function regionCommand(action: 'fail' | 'recover', description: string): Command {
  return new Command(action)
    .description(description)
    .addArgument(new Argument('<region>', 'which region').choices(['primary', 'secondary']))
    .option('--no-wait', 'do not wait for the health checks and the entry')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `\nExamples:\n  two-region local ${action} primary\n  two-region local ${action} secondary --no-wait`,
    )
    .action(async (region: RegionType, flags: Flags) => {
      const { changeRegion } = await import('#operator/local/change-region.ts');
      await changeRegion({ region, action, wait: flags.wait, json: flags.json });
    });
}
