import type { ControlClient } from '../../local/control/client.ts';
import { loadStageContext } from '../cli/stage-context.ts';
import { localLiveSources } from '../live/local-sources.ts';
import { localSwitchJournal } from '../switch/local/local-switch-place.ts';
import { readStatus } from './read-status.ts';
import type { StageStatus } from './stage-status.ts';

/** Asks the local runtime that runs in a folder in the place of AWS. @throws SettingsError */
export async function readLocalStatus(control: Pick<ControlClient, 'live'>, directory: string): Promise<StageStatus> {
  const { stage, deployedAt } = await control.live();
  const switches = { journal: localSwitchJournal(directory, deployedAt), flags: ' --local' };
  return readStatus(loadStageContext(stage), localLiveSources(control), switches);
}
