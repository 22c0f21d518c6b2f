import { Command } from 'commander';

/** `two-region local trace ID`: the way of one request. */
export function traceCommand(): Command {
  return new Command('trace')
    .description('the way of a request through gateway, function, tables and the other region, as a tree')
    .argument(
      '<id>',
      'that the gateway or AWS Lambda gave it, or its trace: x-amzn-requestid, Root= of X-Amzn-Trace-Id',
    )
    .option('--json', 'print one JSON document: spans, events, wereKept')
    .addHelpText(
      'after',
      `
Ways of the newest requests are kept while the page is served; with --no-page from the first time that one is asked for.

Examples:
  two-region local trace 5ed95026-f7d2-4442-88b5-6a8e042a85c1
  two-region local trace 1-67891233-abcdef012345678912345678`,
    )
    .action(async (id: string, flags: { json?: true }) => {
      const { showTrace } = await import('#operator/logs/show-trace.ts');
      await showTrace(id, flags);
    });
}
