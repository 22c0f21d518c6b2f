import { Command, Option } from 'commander';
import { LEVELS } from '#local/events/level.ts';
import { parseSince } from '#operator/cli/flags.ts';
import type { LogsFlags } from '#operator/local/show-logs.ts';

/** `two-region local logs`: what the running runtime has logged. */
export function logsCommand(): Command {
  return new Command('logs')
    .description('show access and function logs of the running runtime, and what happened to it')
    .addOption(new Option('--region <region>', 'of one region').choices(['primary', 'secondary']))
    .option('--env <environment>', 'of one environment: envA, envB, preview')
    .option('--function <name>', 'of one function: user, or its full name')
    .option('--operation <id>', 'of one operation, get-user: access lines of its route, and lines of its function')
    .option('--request-id <id>', 'of one request: the id that the gateway or AWS Lambda gave it')
    .option('--trace <id>', 'of one trace: the Root= of X-Amzn-Trace-Id, xray_trace_id of functions')
    .addOption(new Option('--level <level>', 'of that level or above; 5xx is ERROR, 4xx WARN').choices(LEVELS))
    .addOption(
      new Option('--kind <kinds...>', 'of some kinds').choices([
        'access',
        'function',
        'health',
        'dns',
        'entry',
        'control',
        'alarm',
        'waf',
        'warning',
      ]),
    )
    .option('--since <time>', '90s, 15m, 2h ago, or a time in ISO 8601 (default: all that is kept)', parseSince)
    .option('-f, --follow', 'go on with what is logged from now on, until Ctrl-C')
    .option('--json', 'print one JSON document: events; with --follow one event per line')
    .addHelpText(
      'after',
      `
The newest 10,000 events are kept. Health checks that succeed are shown with --json only.

Examples:
  two-region local logs --env envB --since 5m
  two-region local logs --function user --follow
  two-region local logs --request-id 5ed95026-f7d2-4442-88b5-6a8e042a85c1`,
    )
    .action(async (flags: LogsFlags) => {
      const { showLogs } = await import('#operator/local/show-logs.ts');
      await showLogs(flags);
    });
}
