import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EndWith, EXIT_CODES, ExitCode, exitCodeOf } from './cli/exit-codes.ts';
import { reportError } from './cli/report-error.ts';
import { checkUsage } from './cli/usage/check-usage.ts';
import { alarmsCommand } from './commands/alarms.ts';
import { bootstrapCommand } from './commands/bootstrap.ts';
import { callCommand } from './commands/call.ts';
import { completionCommand } from './commands/completion.ts';
import { costCommand } from './commands/cost.ts';
import { deployCommand } from './commands/deploy.ts';
import { destroyCommand } from './commands/destroy.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { drillCommand } from './commands/drill.ts';
import { edgeCommand } from './commands/edge.ts';
import { keysCommand } from './commands/keys.ts';
import { lintCommand } from './commands/lint.ts';
import { localCommand } from './commands/local.ts';
import { stageLogsCommand } from './commands/logs.ts';
import { openApiCommand } from './commands/openapi.ts';
import { packCommand } from './commands/pack.ts';
import { paramsCommand } from './commands/params.ts';
import { parityCommand } from './commands/parity.ts';
import { permissionsCommand } from './commands/permissions.ts';
import { promoteCommand } from './commands/promote.ts';
import { providersCommand } from './commands/providers.ts';
import { readinessCommand } from './commands/readiness.ts';
import { replayCommand } from './commands/replay.ts';
import { returnCommand } from './commands/return.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { routeAwayCommand, routeBackCommand } from './commands/route.ts';
import { stateCommand } from './commands/state.ts';
import { statusCommand } from './commands/status.ts';
import { switchCommand } from './commands/switch.ts';
import { synthCommand } from './commands/synth.ts';
import { tidyCommand } from './commands/tidy.ts';
import { wafCommand } from './commands/waf.ts';
import { useOfflineParts } from './pack/offline.ts';

const EXAMPLES = `Examples:
  two-region local                 both regions on this machine; Ctrl-C ends them
  two-region call GET /healthcheck --local
  two-region deploy dev            the stage dev: all of it at first, then its idle environment
  two-region switch dev            live traffic to the environment that was deployed
  two-region status dev            where live traffic goes, and what runs in each region
`;

/** In the order in which they are met. */
function commandGroups(): readonly (readonly [heading: string, commands: readonly Command[]])[] {
  return [
    [
      'On this machine:',
      [localCommand(), callCommand(), synthCommand(), lintCommand(), costCommand(), openApiCommand()],
    ],
    [
      'Before the first deploy:',
      [doctorCommand(), bootstrapCommand(), paramsCommand(), permissionsCommand(), providersCommand(), packCommand()],
    ],
    [
      'Release:',
      [diffCommand(), deployCommand(), promoteCommand(), replayCommand(), switchCommand(), rollbackCommand()],
    ],
    [
      'Operate:',
      [
        statusCommand(),
        readinessCommand(),
        alarmsCommand(),
        stageLogsCommand(),
        wafCommand(),
        parityCommand(),
        drillCommand(),
        routeAwayCommand(),
        routeBackCommand(),
        returnCommand(),
        keysCommand(),
        edgeCommand(),
        stateCommand(),
        tidyCommand(),
        destroyCommand(),
      ],
    ],
    ['Shell:', [completionCommand()]],
  ];
}

/** The command line with every command; what a command needs beyond its flags is imported when it runs. */
export function createProgram(): Command {
  const program = new Command('two-region')
    .description('A two-region serverless API: synthesize it, run it on this machine, deploy and operate it.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows what is allowed)')
    // A command's own arguments and flags stand in its own help; here they would leave the descriptions too little room to be wrapped.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('before', EXAMPLES)
    .commandsGroup('Shell:')
    .exitOverride();
  for (const [heading, commands] of commandGroups()) {
    for (const command of commands) program.addCommand(inherit(command.helpGroup(heading), program));
  }
  return program;
}

/** commander hands settings down only to commands that the parent itself makes. The exit codes mean the same for all of them. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  const codes = Object.entries(EXIT_CODES).map(([code, meaning]) => `${code} ${meaning}`);
  command.addHelpText('after', `\nExit codes: ${codes.join(', ')}.`);
  for (const nested of command.commands) inherit(nested, command);
  return command;
}

/**
 * Runs one command line to its end.
 *
 * @param args - without `node` and the script
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    useOfflineParts();
    const program = createProgram();
    // No command, as nobody types it: the shells' completion scripts do.
    if (args[0] === '__complete') {
      const { printCandidates } = await import('./cli/completion/print-candidates.ts');
      printCandidates(program, args.slice(1));
      return ExitCode.Done;
    }
    // Neither is this one: the local runtime synthesizes what was saved in a process of its own.
    if (args[0] === '__synthesize') {
      const [, stage, outdir = ''] = args;
      const { synthesizeStage } = await import('./terraform/synthesize-stage.ts');
      console.log(JSON.stringify(await synthesizeStage({ directory: process.cwd(), stage, outdir })));
      return ExitCode.Done;
    }
    checkUsage(program, args);
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const code = exitCodeOf(error);
    // Both have said all that they had to say: a command that found a difference, and help.
    if (error instanceof EndWith || code === ExitCode.Done) return code;
    reportError(error, { json: args.includes('--json'), debug: Boolean(process.env.DEBUG) });
    return code;
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest && 'version' in manifest ? String(manifest.version) : 'unknown';
}
