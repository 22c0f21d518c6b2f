import { once } from 'node:events';
import { resolve } from 'node:path';
import pc from 'picocolors';
import { sourceMapOf } from '#constructs/bundle/source-maps.ts';
import { errorReason } from '#functions/error-reason.ts';
import type { DoorFacts } from '#local/debug/doors.ts';
import { routineProbes } from '#local/events/routine-probes.ts';
import { type RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import { type LocalRuntime, startLocalRuntime } from '#local/index.ts';
import type { Page } from '#local/page/server.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { type Colors, colorsFor } from '#operator/cli/terminal.ts';
import { openInBrowser, startPageOf } from '#operator/local/page/page.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { functionName } from '#stacks/naming.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { describeEvent } from './describe-event.ts';
import { describeDoor, describeRuntime } from './describe-runtime.ts';
import { type Key, readKeys } from './terminal-keys.ts';
import { describeReload } from './watch/describe-reload.ts';
import { type Following, followWorkingTree, type Reload } from './watch/follow-working-tree.ts';

/** A folder of its own: `cdktf` commands may write to cdktf.out while the runtime reads bundles. */
const OUTDIR = '.two-region/cdktf.out';

const LONGEST_END_MILLISECONDS = 1900;

export interface LocalFlags {
  readonly port: number;
  readonly awsPort: number;
  readonly data?: string;
  readonly replicationLag: number;
  readonly timeScale: number;
  readonly waf?: true;
  readonly stage?: string;
  readonly inspect?: number;
  readonly inspectBrk?: number;
  readonly json?: true;
  readonly quiet?: true;
  /** `false` with `--no-watch`. */
  readonly watch: boolean;
  /** `false` with `--no-page`. */
  readonly page: boolean;
  readonly logFormat: 'json' | 'text';
}

/**
 * Runs both regions until SIGINT or SIGTERM. The summary is data and goes to stdout; progress and log lines are messages, on stderr.
 *
 * @throws what the start-up throws; nothing is left running then
 */
export async function runLocally(flags: LocalFlags): Promise<void> {
  const directory = projectFolder();
  const log = new RuntimeLog();
  const colors = colorsFor(process.stderr);
  const tell = (line: string) => {
    if (!flags.quiet) console.error(line);
  };
  let ended: Promise<void> | undefined;
  const debuggers: DoorFacts[] = [];
  const debuggerPort = flags.inspectBrk ?? flags.inspect;
  const debugging =
    debuggerPort === undefined ? undefined : { port: debuggerPort, waits: flags.inspectBrk !== undefined };
  let onDoor = (door: DoorFacts): void => {
    debuggers.push(door);
  };
  const starting = startLocalRuntime({
    synthesize: async () => {
      const stage = flags.stage ?? process.env.STAGE;
      const synthesis = await synthesizeStage({ directory, stage, outdir: OUTDIR, kept: true });
      // Synthesis holds the event loop, so until here a signal ends the process by itself; nothing has been started yet.
      ended = endSignal();
      return synthesis;
    },
    directory,
    sourceMapOf,
    port: flags.port,
    awsPort: flags.awsPort,
    dataFolder: flags.data === undefined ? undefined : resolve(flags.data),
    replicationLagMilliseconds: flags.replicationLag,
    timeScale: flags.timeScale,
    waf: flags.waf,
    debugging: debugging && { ...debugging, onDoor: (door) => onDoor(door) },
    log,
    secrets: loadStageContext(flags.stage).settings.recording.secrets,
    onStep: ({ name, milliseconds }) =>
      tell(`${colors.green('✓')} ${name} ${colors.dim(`${Math.round(milliseconds)} ms`)}`),
  });
  const runtime = await starting;
  const page = flags.page ? await startPageOf(runtime, directory, flags.port) : undefined;
  const summary = { ...runtime.summary, ...(page && { page: page.url }), ...(debugging && { debuggers }) };
  onDoor = (door) => tell(describeDoor(door));
  if (flags.json) console.log(JSON.stringify(summary));
  else console.log(describeRuntime(summary, performance.now(), colorsFor(process.stdout)));
  if (!flags.quiet) {
    const isRoutine = routineProbes(runtime.controls.status());
    const show = (event: RuntimeEvent) => {
      if (flags.logFormat === 'json') console.error(JSON.stringify(event));
      else if (!isRoutine(event)) console.error(describeEvent(event, colors));
    };
    // What was said while it started, then whatever comes.
    log.query(() => true).forEach(show);
    log.subscribe(show);
  }
  const following = flags.watch ? await follow(runtime, directory, { tell, colors, page }) : undefined;
  const keys = flags.quiet || flags.json ? undefined : readKeys(keysOf(runtime, following, page, tell), tell);
  await ended;
  keys?.close();
  // Whatever still holds on after that time ends with the process.
  setTimeout(() => process.exit(0), LONGEST_END_MILLISECONDS).unref();
  await following?.close();
  await page?.close();
  await runtime.close();
}

/** What a key does at the terminal. */
function keysOf(
  { controls }: LocalRuntime,
  following: Following | undefined,
  page: Page | undefined,
  tell: (line: string) => void,
): Key[] {
  const open: Key[] = page ? [{ key: 'o', what: 'open the page', press: () => openInBrowser(page.url, tell) }] : [];
  const reload: Key[] = following ? [{ key: 'r', what: 'reload all that is saved', press: following.reload }] : [];
  return [
    ...open,
    { key: 'f', what: 'fail the primary region', press: () => controls.fail('primary') },
    { key: 'b', what: 'bring it back', press: () => controls.recover('primary') },
    ...reload,
    { key: 'c', what: 'clear', press: () => tell('\u001b[2J\u001b[3J\u001b[H') },
    { key: 'q', what: 'quit', press: () => process.kill(process.pid, 'SIGINT') },
  ];
}

/** Serves what is saved from now on. A project that cannot be watched is served as it is. */
async function follow(
  runtime: LocalRuntime,
  directory: string,
  { tell, colors, page }: { tell: (line: string) => void; colors: Colors; page: Page | undefined },
): Promise<Following | undefined> {
  const { stage } = runtime.summary;
  const context = loadStageContext(stage);
  let mistakes = 0;
  const plain = pc.createColors(false);
  const onReload = (reload: Reload) => {
    for (const line of describeReload(reload, mistakes, colors)) tell(line);
    const lines = describeReload(reload, mistakes, plain);
    const isMistake = reload.outcome === 'refused' || (reload.outcome === 'types' && reload.mistakes.length > 0);
    if (lines.length > 0) page?.tell({ time: Date.now(), isMistake, lines });
    if (reload.outcome === 'types') mistakes = reload.mistakes.length;
  };
  try {
    const functionNameOf = (name: string) => functionName(context, name);
    const following = await followWorkingTree({
      directory,
      stage,
      workingTree: runtime.workingTree,
      functionName: functionNameOf,
      onReload,
    });
    tell(colors.dim('What is saved is served at the next request; --no-watch turns that off.'));
    return following;
  } catch (error) {
    tell(`${colors.yellow('!')} What is saved is not watched: ${errorReason(error)}`);
    return undefined;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process the usual way. */
async function endSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
}
