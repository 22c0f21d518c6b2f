import { Command, InvalidArgumentError } from 'commander';
import { parseCount, parseSince } from '#operator/cli/flags.ts';

const HIGHEST_RATE = 50;

/** `two-region replay STAGE`. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('send requests that the live environment was asked to the idle one, and compare the responses')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--local', 'of the local runtime that runs in this folder')
    .option('--from <environment>', 'that was asked, and is asked again (default: the live one)')
    .option('--to <environment>', 'that is tried (default: the other one)')
    .option('--since <time>', 'what was recorded since: 10m, 2h, 1d, or a time in ISO 8601 (default: 10m)', parseSince)
    .option('--sample <share>', 'of the different requests of each operation: 5% (default: all)', parseShare)
    .option('--rate <n>', 'requests a second that each environment gets at the most', parseRate, 5)
    .option('--allow <n>', 'responses that may differ', parseCount, 0)
    .option(
      '--token <token>',
      'of the issuer, for routes that take tokens (default: they are not sent; --local signs one)',
    )
    .option('--show-values', 'of texts that differ, what they are; else how long')
    .option('--json', 'print one JSON document: stage, from, to, requests, operations, skipped, isDifferent')
    .addHelpText(
      'after',
      `
Sent are operations that write nothing, or that the contract marks: replay.isSafe. Those that write to what the environment
preview has an own of go to preview alone, as long as it runs the same code; there only the status tells. The rest is left out,
and said. The environment that was asked is asked once more at the same time, so that what was written since is no difference;
what differs is asked three times. The contract says what is ignored in responses, and which headers count.

Locally the gateways record by themselves. On AWS functions do with RECORDING_PERCENT of settings.conf; no key, token, cookie or
RECORDING_SECRETS is in a record. Requests of a replay carry x-two-region-replay and count in metrics and usage plans.

Exit code 2 when more differ than --allow, or nothing could be compared.

Examples:
  two-region replay --local
  two-region replay dev --from envA --to envB --since 1h --sample 5%
  two-region replay dev --json --allow 3
  two-region switch dev --replay         the same before a switch`,
    )
    .action(async (stage: string | undefined, flags) => {
      const { runReplay } = await import('#operator/replay/run-replay.ts');
      await runReplay(stage, { ...flags, since: flags.since ?? parseSince('10m') });
    });
}

/** @returns 0 to 1 */
function parseShare(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  if (percent > 0 && percent <= 100) return percent / 100;
  throw new InvalidArgumentError('Allowed is a share above 0% and up to 100%: 5%, 0.5%.');
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && rate >= 0.1 && rate <= HIGHEST_RATE) return rate;
  throw new InvalidArgumentError(`Allowed is a number of requests a second from 0.1 to ${HIGHEST_RATE}.`);
}
