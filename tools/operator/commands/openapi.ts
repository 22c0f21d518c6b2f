import { Command } from 'commander';

interface Flags {
  readonly restUrl?: string;
  readonly httpUrl?: string;
  readonly routes?: string | true;
}

/** `two-region openapi`: the contract for other tools to read. */
export function openApiCommand(): Command {
  return new Command('openapi')
    .description('print the API as an OpenAPI 3.1 document (JSON)')
    .option('--rest-url <url>', 'where the REST API answers (default: a variable of the document)')
    .option('--http-url <url>', 'where the HTTP API answers (default: a variable of the document)')
    .option('--routes [file]', 'print the table of routes instead, or write it into a Markdown file between its marks')
    .addHelpText('after', '\nExamples:\n  two-region openapi > openapi.json\n  two-region openapi --routes README.md')
    .action(async ({ restUrl, httpUrl, routes }: Flags) => {
      if (routes === undefined) {
        const { describeApi } = await import('#operator/openapi/describe-api.ts');
        console.log(describeApi({ restUrl, httpUrl }));
        return;
      }
      const { routesTable } = await import('#contract/routes-table.ts');
      if (routes === true) return console.log(routesTable());
      const { writeBetweenMarks } = await import('#operator/openapi/marked-section.ts');
      const changed = writeBetweenMarks(routes, 'routes', routesTable());
      console.error(
        changed ? `${routes}: the table of routes is written.` : `${routes}: the table of routes is up to date.`,
      );
    });
}
