import { Command } from 'commander';
import { parseSince } from '#operator/cli/flags.ts';

/** `two-region waf [STAGE]`. */
export function wafCommand(): Command {
  return new Command('waf')
    .description('what the web application firewall of each region blocked, and by which rule')
    .argument('[stage]', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--since <time>', 'from then on: 15m, 2h, 3d, or a time (default: 1h)', parseSince)
    .option('--local', 'of the running local runtime, of the newest 10,000 events that it keeps')
    .option('--json', 'print one JSON document: stage, regions, each with blocked requests by rule and the last ones')
    .addHelpText(
      'after',
      `
It stands before the REST API; HTTP APIs can have none. Headers x-api-key and authorization are not in its log.
Limits: WAF_RATE_LIMIT, WAF_COUNTED_RULES of settings.conf.

Examples:
  two-region waf dev
  two-region waf dev --since 1d
  two-region waf --local`,
    )
    .action(async (stage: string | undefined, flags) => {
      const { runWaf } = await import('#operator/waf/run-waf.ts');
      await runWaf(stage, flags);
    });
}
