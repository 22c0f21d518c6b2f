import { Command, InvalidArgumentError, Option } from 'commander';
import { SCENARIO_NAMES } from '#operator/drill/scenarios.ts';

/** `two-region drill --local`. */
export function drillCommand(): Command {
  return new Command('drill')
    .description('make a region fail under load, measure what follows beside its prediction, and look for lost writes')
    .argument('[stage]', 'stage that the local runtime runs (default: whichever runs)')
    .option('--local', 'of the local runtime that runs in this folder; there is no other yet')
    .addOption(
      new Option('--scenario <name>', 'what is done').choices([...SCENARIO_NAMES, 'all']).default('lose-region'),
    )
    .option('--load <n>', 'requests per second, half of them on new connections and half on kept ones', parseLoad, 50)
    .option('--report <folder>', 'where report.html and report.json go (default: .two-region/drills/TIME)')
    .option('--history', 'do nothing, and show the drills of this folder: when each was, and what it came to')
    .option('--simulate', 'no load and no waiting: faults by chance in simulated time, hundreds of runs a minute')
    .option('--seeds <n>', 'runs of a simulation, one a seed (default: 100)', parseSeeds)
    .option(
      '--seed <n>',
      'the first seed of a simulation; the same one comes to the same (default: by chance)',
      parseSeed,
    )
    .option('--json', 'print one JSON document: the same as report.json')
    .addHelpText(
      'after',
      `
It begins only while both regions are healthy and level and every alarm is quiet, and mends whatever it has broken, after Ctrl-C, too.
What it has written stays: items whose texts begin with "drill".

With the time scale of AWS lose-region takes about six minutes; npm start -- --time-scale 10 takes a tenth of that.

lose-region, drop-packets, slow-region  traffic must go to the other region
errors, lose-table, lose-function       no health check notices: nothing moves, an alarm must tell
lose-domain                             as the health checks are predicted to see it
partition                               the regions cut off from each other: both serve on, alarms stay quiet
flap                                    a region comes and goes too fast to be noticed: nothing moves
overload                                more is asked than is allowed: refused, and nothing moves

--simulate needs no running runtime: the parts of one are run in this process, on a clock that jumps. What fails is made smaller, and
comes again with its seed.

Exit code 1 when something was not as it must be, 2 when an objective of settings.conf was missed (RTO_SECONDS, RPO_SECONDS,
ERROR_BUDGET_PERCENT), or it was refused.

Examples:
  two-region drill --local
  two-region drill --local --scenario partition --load 20
  two-region drill --local --scenario all --report drill
  two-region drill --local --simulate --seeds 1000
  two-region drill --history`,
    )
    .action(async (stage: string | undefined, flags) => {
      if (flags.simulate && flags.local) {
        const { runSimulation } = await import('#operator/drill/simulation/run-simulation.ts');
        await runSimulation(stage, flags);
        return;
      }
      const { runDrill } = await import('#operator/drill/run-drill.ts');
      await runDrill(stage, flags);
    });
}

const MOST_SEEDS = 100_000;
const MOST_SEED = 2 ** 31 - 1;

function parseSeeds(text: string): number {
  return parseWhole(text, 1, MOST_SEEDS);
}

function parseSeed(text: string): number {
  return parseWhole(text, 0, MOST_SEED);
}

function parseWhole(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`Allowed is a whole number from ${least} to ${most}.`);
}

const MOST_PER_SECOND = 500;

function parseLoad(text: string): number {
  const load = Number(text);
  if (!/^\d+$/.test(text) || load < 2 || load > MOST_PER_SECOND) {
    throw new InvalidArgumentError(`Allowed is a whole number of requests per second from 2 to ${MOST_PER_SECOND}.`);
  }
  return load;
}
