import { setTimeout as sleep } from 'node:timers/promises';
import { awsLiveSources } from '../live/open-live.ts';
import { loadStageContext } from '../stage-context.ts';
import { colorsFor } from '../terminal.ts';
import { describeStatus } from './describe-status.ts';
import { readStatus } from './read-status.ts';
import type { StageStatus } from './stage-status.ts';

export interface StatusFlags {
  readonly local?: true;
  readonly json?: true;
  /** Seconds between two looks; `true` for the default. */
  readonly watch?: number | true;
}

const WATCH_SECONDS = 5;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** Prints the status of a stage, or of the running local runtime; with `watch` again and again until Ctrl-C. */
export async function runStatus(stage: string | undefined, flags: StatusFlags): Promise<void> {
  const read = flags.local ? await localReader() : awsReader(stage);
  for (;;) {
    const status = await read();
    if (flags.watch && process.stdout.isTTY && !flags.json) process.stdout.write(CLEAR_SCREEN);
    console.log(flags.json ? JSON.stringify(status) : describeStatus(status, colorsFor(process.stdout)));
    if (!flags.watch) return;
    await sleep(1000 * (flags.watch === true ? WATCH_SECONDS : flags.watch));
  }
}

function awsReader(stage: string | undefined): () => Promise<StageStatus> {
  const context = loadStageContext(stage);
  const sources = awsLiveSources(context);
  return () => readStatus(context, sources);
}

async function localReader(): Promise<() => Promise<StageStatus>> {
  const [{ connectControl }, { readLocalStatus }] = await Promise.all([
    import('../../local/control/client.ts'),
    import('./read-local-status.ts'),
  ]);
  const control = await connectControl(process.cwd());
  return () => readLocalStatus(control);
}
