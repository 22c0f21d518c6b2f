import { once } from 'node:events';
import { type LocalRuntime, startLocalRuntime } from '../local/index.ts';
import { RuntimeLog } from '../local/runtime-log.ts';
import type { LocalFlags } from './commands/local.ts';
import { describeEvent } from './describe-event.ts';
import { describeRuntime } from './describe-runtime.ts';
import { synthesizeStage } from './synthesize-stage.ts';
import { colorsFor } from './terminal.ts';

/** A folder of its own: `cdktf` commands may write to cdktf.out while the runtime reads bundles. */
const OUTDIR = '.two-region/cdktf.out';

const LONGEST_END_MILLISECONDS = 1900;

/**
 * Runs both regions until SIGINT or SIGTERM. The summary is data and goes to stdout; progress and log lines are messages, on stderr.
 *
 * @throws what the start-up throws; nothing is left running then
 */
export async function runLocally(flags: LocalFlags): Promise<void> {
  const startedAt = performance.now();
  const directory = process.cwd();
  const log = new RuntimeLog();
  const colors = colorsFor(process.stderr);
  const tell = (line: string) => {
    if (!flags.quiet) console.error(line);
  };
  const ended = endSignal();
  const starting = startLocalRuntime({
    synthesize: () => synthesizeStage({ directory, stage: flags.stage ?? process.env.STAGE, outdir: OUTDIR }),
    directory,
    port: flags.port,
    replicationLagMilliseconds: flags.replicationLag,
    timeScale: flags.timeScale,
    log,
    onStep: ({ name, milliseconds }) =>
      tell(`${colors.green('✓')} ${name} ${colors.dim(`${Math.round(milliseconds)} ms`)}`),
  });
  const runtime = await Promise.race([starting, ended]);
  if (runtime === undefined) {
    await endWithin(starting);
    return;
  }
  if (flags.json) console.log(JSON.stringify(runtime.summary));
  else console.log(describeRuntime(runtime.summary, performance.now() - startedAt, colorsFor(process.stdout)));
  if (!flags.quiet) {
    log.subscribe((event) =>
      console.error(flags.logFormat === 'json' ? JSON.stringify(event) : describeEvent(event, colors)),
    );
  }
  await ended;
  await endWithin(starting);
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process the usual way. */
async function endSignal(): Promise<undefined> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
}

/** Whatever still holds on after that time ends with the process. */
async function endWithin(starting: Promise<LocalRuntime>): Promise<void> {
  setTimeout(() => process.exit(0), LONGEST_END_MILLISECONDS).unref();
  const runtime = await starting.catch(() => undefined);
  await runtime?.close();
}
