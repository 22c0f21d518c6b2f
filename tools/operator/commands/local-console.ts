import { Command } from 'commander';
import type { ConsoleFlags } from '#operator/local/ask-console.ts';

/** `two-region local console <stack>`: what an expression is worth in a stack. */
export function consoleCommand(): Command {
  return new Command('console')
    .description('evaluate expressions in a synthesized stack, and print values as terraform console does')
    .argument('<stack>', 'a stack of the stage, with or without the stage: api-primary')
    .option('--stage <stage>', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Reads one expression a line, from stdin or a prompt; "exit" or Ctrl-D ends it. Nothing is applied and nothing is asked of AWS: what only an
apply could tell is printed as (known after apply). Exit code 2 when an expression is refused.

Examples:
  echo 'var.target_env' | two-region local console entry-primary
  two-region local console api-primary < expressions.txt`,
    )
    .action(async (stack: string, flags: ConsoleFlags) => {
      const { askConsole } = await import('#operator/local/ask-console.ts');
      await askConsole(stack, flags);
    });
}
