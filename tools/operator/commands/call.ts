import { Command, Option } from 'commander';
import type { CallFlags } from '#operator/call/run-call.ts';

/** `two-region call METHOD PATH`: one request to the local runtime or to a stage. */
export function callCommand(): Command {
  return new Command('call')
    .description('call a route; the body goes to stdout. Exit code 1 when the response is an error')
    .argument('<method>', 'GET, POST, …')
    .argument('<path>', 'path of a route with its parameters filled in, and a query if it takes one: /events?limit=10')
    .option('--body <json>', 'what to send: JSON, @file, or - for standard input')
    .option('-H, --header <header...>', 'more headers: "Name: value"')
    .option('--key <key>', "API key (default: the environment's own, of which AWS is asked at a stage)")
    .option(
      '--token <token>',
      'of the issuer, for routes that take tokens (default: one of the local runtime; at a stage none)',
    )
    .option('--env <environment>', 'an environment itself instead of the public name: envA, envB, preview')
    .addOption(
      new Option('--region <region>', 'a region itself instead of the public name').choices(['primary', 'secondary']),
    )
    .addOption(new Option('--stage <stage>', 'a stage on AWS instead of the local runtime').conflicts('local'))
    .option('--local', 'the runtime that runs in this folder (default)')
    .option('-v, --verbose', 'URL, status, headers and how to find its log lines on stderr')
    .option('--json', 'print one JSON document: status, headers, body')
    .addHelpText(
      'after',
      `
Examples:
  two-region call GET /test
  two-region call POST /string/replace --body '{"content":"The colour"}'
  two-region call GET '/events?date=2021-08-28' --env preview --region secondary -v
  two-region call POST /user/a1B2c3D4 --body @user.json --stage dev`,
    )
    .action(async (method: string, path: string, flags: CallFlags) => {
      const { runCall } = await import('#operator/call/run-call.ts');
      await runCall(method, path, flags);
    });
}
