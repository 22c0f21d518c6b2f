import { Command } from 'commander';
import { parseDuration } from '#operator/cli/flags.ts';
import type { TokenFlags } from '#operator/local/print-token.ts';

/** `two-region local token`: a token of the running runtime, for routes of auth `jwt`. */
export function tokenCommand(): Command {
  return new Command('token')
    .description("print a token of the running runtime's issuer, which routes that take tokens accept until it ends")
    .option('--sub <subject>', 'whom it is about', 'local-user')
    .option('--scope <scope...>', 'what it allows (default: nothing)')
    .option('--expires <time>', 'from now on: 90s, 15m, 2h', parseDuration, 3_600_000)
    .option('--json', 'print one JSON document: token, issuer, audience, keysUrl')
    .addHelpText(
      'after',
      `
A route takes it while the parameter jwt_issuer is the runtime's own, as it is unless it was changed. \`call\` brings one along by itself.

Examples:
  two-region local token --scope events/read --sub ada
  curl -H "Authorization: Bearer $(npx two-region local token)" http://127.0.0.1:3005/…`,
    )
    .action(async (flags: TokenFlags) => {
      const { printToken } = await import('#operator/local/print-token.ts');
      await printToken(flags);
    });
}
