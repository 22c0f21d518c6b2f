import { Command } from 'commander';
import type { RenderFlags } from '#operator/local/render-template.ts';

/** `two-region local render`: what a mapping template makes of a request, without a runtime. */
export function renderCommand(): Command {
  return new Command('render')
    .description('show what a mapping template makes of a request')
    .argument('[operation]', "id of an operation with mapping templates: its request's template is rendered")
    .option('--template <file>', 'a template of your own; - for standard input')
    .option('--body <file>', "the request's body; - for standard input (default: the operation's example, else empty)")
    .option('--context <file>', 'JSON: params (path, querystring, header), context, stageVariables')
    .option('--json', 'print one JSON document: text, requestOverride, responseOverride')
    .addHelpText(
      'after',
      `
What the template writes to $context.requestOverride and $context.responseOverride is told on stderr.
A template that API Gateway would refuse, or fail at, is an error with line and column.

Examples:
  two-region local render post-user
  two-region local render post-user --body user.json --context context.json
  two-region local render --template error.vtl --body response.json`,
    )
    .action(async (operation: string | undefined, flags: RenderFlags) => {
      const { renderTemplate } = await import('#operator/local/render-template.ts');
      await renderTemplate(operation, flags);
    });
}
