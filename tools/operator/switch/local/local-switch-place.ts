import { join } from 'node:path';
import type { ControlClient } from '#local/control/client.ts';
import { fileJournalStore } from '#operator/journal/file-journal-store.ts';
import type { JournalStore } from '#operator/journal/switch-journal.ts';
import { localLiveSources } from '#operator/live/local-sources.ts';
import { runningStage } from '#operator/local/running-stage.ts';
import { fileLockStore } from '#operator/lock/file-lock-store.ts';
import type { Patience } from '#operator/switch/preflight/answering-environment.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import { localProbe } from './local-probe.ts';
import { localRegionPort } from './local-region-port.ts';

/** A move takes effect at once; what may take longer is a function that has to be started. */
const PATIENCE: Patience = { attempts: 100, pauseMilliseconds: 50 };

/**
 * The running local runtime as the place of a switch: the same steps and checks as on AWS, with the control endpoint in the place of
 * Terraform. Journal and lock are files beside the runtime's state file.
 *
 * @throws NoRuntimeError when none runs, RefusedError when it runs another stage; SettingsError
 */
export async function openLocalSwitchPlace(wanted: string): Promise<SwitchPlace> {
  const { context, control } = await runningStage(wanted);
  const { startedAt } = await control.regions();
  const directory = process.cwd();
  return {
    stage: context.stage,
    flags: ' --local',
    environments: context.settings.apiEnvironments,
    isProduction: false,
    ports: awsSwitchPorts({
      context,
      live: localLiveSources(control),
      regions: { primary: localRegionPort(control, 'primary'), secondary: localRegionPort(control, 'secondary') },
      plans: localMoves(control),
      probe: localProbe(control),
      patience: PATIENCE,
    }),
    journal: localSwitchJournal(directory, startedAt),
    lock: fileLockStore(join(directory, '.two-region/local-switch.lock')),
    close: async () => undefined,
  };
}

/** Nothing is pending in a runtime: what runs is what was synthesized when it started. */
function localMoves(control: Pick<ControlClient, 'moveTarget'>) {
  return {
    obstacles: async () => [],
    move: async (part: string, environment: string) => {
      await control.moveTarget(part, environment);
    },
  };
}

/** Where the switches of the runtime of a folder are recorded. @param startedAt - of the runtime, milliseconds since the epoch */
export function localSwitchJournal(directory: string, startedAt: number): JournalStore {
  return journalSince(fileJournalStore(join(directory, '.two-region/local-switches.json')), startedAt);
}

/** A runtime begins with the first environment, whatever the one before it ended with: older switches say nothing of it. */
export function journalSince({ read, write }: JournalStore, startedAt: number): JournalStore {
  return {
    read: async () => {
      const journal = await read();
      return { ...journal, switches: journal.switches.filter(({ begun }) => Date.parse(begun) >= startedAt) };
    },
    write,
  };
}
