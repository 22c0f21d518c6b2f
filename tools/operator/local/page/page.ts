import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { LocalRuntime } from '#local/index.ts';
import type { CommandSurroundings, PageCommand } from '#local/page/commands.ts';
import type { CommandOutcome } from '#local/page/messages.ts';
import { type Page, startPage } from '#local/page/server.ts';
import type { RegionType } from '#stacks/context.ts';
import { explorerOf } from './explorer.ts';

const command = fileURLToPath(new URL('../../two-region.mjs', import.meta.url));

/** After the six ports of the runtime. */
const PAGE_PORT = 6;

/** Starts the page of a runtime, beside its ports. */
export function startPageOf({ controls, log, summary }: LocalRuntime, directory: string, port: number): Promise<Page> {
  const commands = commandsOf(summary.stage, directory, controls.status().active ?? 'primary');
  const explorer = explorerOf(controls);
  return startPage({ controls, log, commands, explorer, port: port === 0 ? 0 : port + PAGE_PORT });
}

/** What the page's buttons do: the very commands of the command line, in the project's folder. */
function commandsOf(stage: string, directory: string, active: RegionType): Readonly<Record<string, PageCommand>> {
  const local = (what: string, ...args: readonly string[]): PageCommand => ({
    what: `${what} It is what npx two-region ${args.join(' ')} does.`,
    run: (surroundings) => runCommandLine(directory, [...args, '--yes'], surroundings),
  });
  const drill = ['drill', stage, '--local'];
  return {
    deploy: local(
      'The present code is released in the environment that has no traffic; live traffic stays where it is.',
      ...['deploy', stage, '--local'],
    ),
    switch: local(
      'Live traffic moves to the other environment, in both regions or not at all, after both were looked at.',
      ...['switch', stage, '--local'],
    ),
    rollback: local(
      'Live traffic moves back to the environment that had it before the last switch.',
      ...['rollback', stage, '--local'],
    ),
    'route-away': local(
      `Traffic keeps away from the ${active} region, healthy or not, until it is let back; the names follow within the time of health checks and TTL.`,
      ...['route-away', stage, active, '--local', '--no-wait'],
    ),
    'route-back': local(
      `Traffic may go to the ${active} region again, which it kept away from by route-away, or since a failover; of what was written meanwhile, the last writer of an item wins.`,
      ...['route-back', stage, active, '--local', '--no-wait'],
    ),
    drill: {
      what: `The primary region is lost under load, all that follows is measured beside its prediction, and every write is looked for in both regions; then it is mended. It takes six minutes of AWS's time, and is what npx two-region ${drill.join(' ')} does.`,
      isLong: true,
      run: (surroundings) => runCommandLine(directory, drill, surroundings),
    },
  };
}

/** A command that is asked to end hears what it hears at a terminal from Ctrl-C. */
function runCommandLine(
  directory: string,
  args: readonly string[],
  { onLine, signal }: CommandSurroundings,
): Promise<CommandOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const said = stripVTControlCharacters(text).trimEnd();
        onLine(said.slice(said.lastIndexOf('\n') + 1));
      });
    }
    signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? 1, text: stripVTControlCharacters(text) }));
  });
}

/** Opens an address in the user's browser; where that cannot be done, says it. */
export function openInBrowser(url: string, tell: (line: string) => void): void {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => tell(`Open ${url} in a browser: ${opener} is not there.`));
  child.unref();
}
