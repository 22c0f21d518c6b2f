import { Command, InvalidArgumentError, Option } from 'commander';
import { RefusedError } from '#operator/cli/errors.ts';
import { parseDuration } from '#operator/cli/flags.ts';
import { ALL_SCENARIO_NAMES } from '#operator/drill/scenarios.ts';

/** `two-region drill --local`. */
export function drillCommand(): Command {
  return new Command('drill')
    .description('make a region fail under load, measure what follows beside its prediction, and look for lost writes')
    .argument('[stage]', 'stage of settings.conf; with --local the one that the runtime runs (default: whichever runs)')
    .option('--local', 'of the local runtime that runs in this folder')
    .addOption(
      new Option('--scenario <name>', 'what is done (default: lose-region, on AWS route-away)').choices([
        ...ALL_SCENARIO_NAMES,
        'all',
      ] as const),
    )
    .option('--load <n>', 'requests per second, half of them on new connections and half on kept ones', parseLoad, 50)
    .option('--report <folder>', 'where report.html and report.json go (default: .two-region/drills/TIME)')
    .addOption(
      new Option('--for <time>', 'how long lose-table lasts on AWS: 300s, 5m')
        .argParser(parseDrillTime)
        .default(300)
        .conflicts(['local', 'simulate', 'history']),
    )
    .addOption(
      new Option('--restore', 'take back what a drill on AWS has left whose command died').conflicts([
        'local',
        'simulate',
        'history',
        'scenario',
        'for',
        'load',
        'report',
      ]),
    )
    .option('--yes', 'do not ask before a stage on AWS is drilled')
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

On AWS two that can be taken back, and are when something goes wrong; the stage's name is to be typed:
route-away                              traffic is led away from the primary region and back, nobody is to notice
lose-table                              the function of the first write may not use its table: a statement that denies, and lapses by itself

--simulate needs no running runtime: the parts of one are run in this process, on a clock that jumps. What fails is made smaller, and
comes again with its seed.

Exit code 1 when something was not as it must be, 2 when an objective of settings.conf was missed (RTO_SECONDS, RPO_SECONDS,
ERROR_BUDGET_PERCENT), or it was refused.

Examples:
  two-region drill --local
  two-region drill --local --scenario partition --load 20
  two-region drill --local --scenario all --report drill
  two-region drill --local --simulate --seeds 1000
  two-region drill prod --scenario lose-table --for 10m --load 10
  two-region drill --history`,
    )
    .action(async (stage: string | undefined, flags) => {
      if (flags.simulate) {
        const { runSimulation } = await import('#operator/drill/simulation/run-simulation.ts');
        await runSimulation(stage, flags);
        return;
      }
      // Who means a simulation is not to get a drill.
      const strange = flags.seeds !== undefined ? '--seeds' : flags.seed !== undefined ? '--seed' : undefined;
      if (strange !== undefined) {
        throw new RefusedError(
          `${strange} is of a simulation, and --simulate is not given: two-region drill --local --simulate ${strange} N. Nothing was done.`,
        );
      }
      const { runDrill } = await import('#operator/drill/run-drill.ts');
      await runDrill(stage, flags);
    });
}

/** IAM takes some seconds, alarms look at 3 of 5 minutes, and nobody wants an hour. */
const LEAST_SECONDS = 60;
const MOST_SECONDS = 900;

function parseDrillTime(text: string): number {
  const seconds = parseDuration(text) / 1000;
  if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError('Allowed is a time from one minute to a quarter of an hour: 90s, 5m, 15m.');
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
