import { Argument, Command } from 'commander';
import type { RegionType } from '#local/model/model.ts';
import { parsePort } from '#operator/cli/flags.ts';
import type { ContainerFlags } from '#operator/local/run-container.ts';

/** `two-region local container`: the container API beside the running runtime. */
export function containerCommand(): Command {
  return new Command('container')
    .description('run the container API as a process, with the data and parameters of the running runtime')
    .addArgument(new Argument('[region]', 'whose').choices(['primary', 'secondary']).default('primary'))
    .option('--port <port>', 'where it listens; 0: any free port', parsePort, 8080)
    .addHelpText(
      'after',
      `
It listens on this machine alone, logs to stdout and ends with Ctrl-C. The API key is that of the runtime's environments.

Examples:
  two-region local container
  two-region local container secondary --port 8081
  curl -H 'x-api-key: KEY' -H 'content-type: application/json' -d '{"content":"colour"}' http://127.0.0.1:8080/string/replace`,
    )
    .action(async (region: RegionType, flags: ContainerFlags) => {
      const { runContainer } = await import('#operator/local/run-container.ts');
      await runContainer(region, flags);
    });
}
