import { Command, Option } from 'commander';
import { LEVELS } from '#local/events/level.ts';
import { parseSince } from '#operator/cli/flags.ts';
import type { LogsFlags } from '#operator/local/show-logs.ts';

/** `two-region logs [STAGE]`: what both regions have logged on AWS. */
export function stageLogsCommand(): Command {
  return new Command('logs')
    .description("access logs of both regions' APIs and logs of their functions, in one order")
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .addOption(new Option('--region <region>', 'of one region').choices(['primary', 'secondary']))
    .option('--env <environment>', 'of one environment: envA, envB, preview')
    .option('--function <name>', 'of one function: user, or its full name')
    .option('--operation <id>', 'of one operation, get-user: access lines of its route, and lines of its function')
    .option('--request-id <id>', 'of one request: the id that the gateway or AWS Lambda gave it')
    .option('--trace <id>', 'of one trace: the Root= of X-Amzn-Trace-Id, xray_trace_id of functions')
    .addOption(new Option('--level <level>', 'of that level or above; 5xx is ERROR, 4xx WARN').choices(LEVELS))
    .addOption(new Option('--kind <kinds...>', 'of some kinds').choices(['access', 'function']))
    .option('--since <time>', '90s, 15m, 2h ago, or a time in ISO 8601 (default: 15m, with --follow 1m)', parseSince)
    .option('-f, --follow', 'go on with what is logged from now on, until Ctrl-C')
    .option('--json', 'print one JSON document: events, more, problems; with --follow one event per line')
    .addHelpText(
      'after',
      `
Lines are those of two-region local logs. Health checks that succeed, and what Lambda writes of each invocation, are shown with --json only.
HTTP APIs log no trace: with --trace their functions' lines are found, without the access line.

Examples:
  two-region logs dev --level ERROR --since 1h
  two-region logs dev --env envB --follow
  two-region logs dev --trace 1-67891233-abcdef012345678912345678`,
    )
    .action(async (stage: string | undefined, flags: LogsFlags) => {
      const { runLogs } = await import('#operator/logs/run-logs.ts');
      await runLogs(stage, flags);
    });
}
