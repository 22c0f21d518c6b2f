import { Command, Option } from 'commander';
import { parseMilliseconds, parsePort, parseTimeScale } from '#operator/cli/flags.ts';
import type { LocalFlags } from '#operator/local/run-locally.ts';
import { consoleCommand } from './local-console.ts';
import { containerCommand } from './local-container.ts';
import { exportCommand, resetCommand, seedCommand } from './local-data.ts';
import { envCommand } from './local-env.ts';
import { logsCommand } from './local-logs.ts';
import { permissionsCommand } from './local-permissions.ts';
import { failCommand, partitionCommand, recoverCommand } from './local-region.ts';
import { renderCommand } from './local-render.ts';
import { tokenCommand } from './local-token.ts';
import { traceCommand } from './local-trace.ts';

/** `two-region local`: both regions on this machine, until Ctrl-C. */
export function localCommand(): Command {
  return new Command('local')
    .description('run both regions on this machine, out of what would be deployed; Ctrl-C ends it (exit code 0)')
    .option('--port <port>', 'entry; the regions take the next ports; 0: any free ones', parsePort, 3000)
    .option('--aws-port <port>', 'the first of those that AWS CLI and SDKs talk to; 0: any free ones', parsePort, 0)
    .option(
      '--data <folder>',
      'keeps tables, objects and parameters for the next run (default: they end with this one)',
    )
    .option('--replication-lag <time>', 'between the regions: 250, 250ms, 1.5s', parseMilliseconds, 100)
    .option('--time-scale <n>', 'health checks and DNS TTLs run n times as fast', parseTimeScale, 1)
    .option('--waf', 'the firewall blocks 127.0.0.1, too, which else it counts alone')
    .option('--stage <stage>', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--no-watch', 'serve what was there at the start, whatever is saved')
    .addOption(
      new Option(
        '--inspect [port]',
        'lets debuggers stop the functions; a port for each version of each, from this one on',
      )
        .preset('9229')
        .argParser(parsePort)
        .conflicts('inspectBrk'),
    )
    .addOption(
      new Option('--inspect-brk [port]', 'the same, and every function waits for a debugger before it is loaded')
        .preset('9229')
        .argParser(parsePort),
    )
    .option('--no-page', 'do not serve the page that shows what runs')
    .option('--json', 'print one JSON document when ready')
    .option('--quiet', 'no progress, no log lines')
    .addOption(new Option('--log-format <format>', 'of log lines on stderr').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  two-region local\n  two-region local --data .two-region/data\n  two-region local --port 8080 --time-scale 10\n  two-region local --port 0 --quiet --json',
    )
    .addCommand(failCommand())
    .addCommand(recoverCommand())
    .addCommand(partitionCommand())
    .addCommand(logsCommand())
    .addCommand(traceCommand())
    .addCommand(resetCommand())
    .addCommand(seedCommand())
    .addCommand(exportCommand())
    .addCommand(permissionsCommand())
    .addCommand(envCommand())
    .addCommand(tokenCommand())
    .addCommand(containerCommand())
    .addCommand(consoleCommand())
    .addCommand(renderCommand())
    .action(async (flags: LocalFlags) => {
      const { runLocally } = await import('#operator/local/run-locally.ts');
      await runLocally(flags);
    });
}
