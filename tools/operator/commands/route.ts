import { Argument, Command, Option } from 'commander';
import type { RouteFlags } from '#operator/route/run-route.ts';
import type { RegionType } from '#stacks/context.ts';

/** `two-region route-away STAGE REGION`. */
export function routeAwayCommand(): Command {
  return routeCommand('away', 'keep traffic away from a region, until route-back; works while that region is gone')
    .option('--latch', 'only where a failover has moved traffic already: it does not come back by itself')
    .addOption(
      new Option('--drain', 'hold writes first, until what was written is in the other region').conflicts([
        'latch',
        'wait',
      ]),
    )
    .addHelpText(
      'after',
      `
Writes one object in the other region, which the health checks of this one look for. No record is changed and no control plane is called: neither
Route 53's nor IAM's, and nothing of the region that is left. Refused while traffic keeps away from the other region.

--drain is for a move that is planned, with both regions well: routes that write respond with 429 in the region that is left, for some three minutes.

Examples:
  two-region route-away dev primary
  two-region route-away dev primary --latch --yes   # after a failover; changes nothing where there was none
  two-region route-away dev primary --yes --json
  two-region route-away dev primary --drain         # nothing is written while traffic moves
  two-region route-away dev primary --local`,
    );
}

/** `two-region route-back STAGE REGION`. */
export function routeBackCommand(): Command {
  return routeCommand('back', 'let traffic go to a region again that it kept away from').addHelpText(
    'after',
    `
Bring the region level first: two-region return does, and lets traffic go there itself. Of what was written to tables meanwhile, the last writer of an item wins.

Examples:
  two-region route-back dev primary
  two-region route-back dev primary --local`,
  );
}

function routeCommand(kind: 'away' | 'back', description: string): Command {
  return new Command(`route-${kind}`)
    .description(description)
    .argument('<stage>', 'stage of settings.conf')
    .addArgument(new Argument('<region>', 'which region').choices(['primary', 'secondary']))
    .option('--no-wait', 'do not wait until the public name is answered elsewhere')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('-y, --yes', 'do not ask before live traffic moves')
    .option('--json', 'print one JSON document: region, writtenIn, outcome, predicted, moved')
    .action(async (stage: string, region: RegionType, flags: RouteFlags) => {
      const { runRoute } = await import('#operator/route/run-route.ts');
      await runRoute(stage, { kind, region }, flags);
    });
}
