import { Command } from 'commander';

interface Flags {
  readonly restUrl?: string;
  readonly httpUrl?: string;
  readonly routes?: true;
}

/** `two-region openapi`: the contract for other tools to read. */
export function openApiCommand(): Command {
  return new Command('openapi')
    .description('print the API as an OpenAPI 3.1 document (JSON)')
    .option('--rest-url <url>', 'where the REST API answers (default: a variable of the document)')
    .option('--http-url <url>', 'where the HTTP API answers (default: a variable of the document)')
    .option('--routes', 'print the contents of docs/routes.md instead')
    .addHelpText(
      'after',
      '\nExamples:\n  two-region openapi > openapi.json\n  two-region openapi --routes > docs/routes.md',
    )
    .action(async ({ restUrl, httpUrl, routes }: Flags) => {
      const { describeApi, describeRoutes } = await import('../describe-api.ts');
      console.log(routes ? describeRoutes() : describeApi({ restUrl, httpUrl }));
    });
}
