import type { ControlClient } from '../../local/control/client.ts';
import { localLiveSources } from '../live/local-sources.ts';
import { loadStageContext } from '../stage-context.ts';
import { readStatus } from './read-status.ts';
import type { StageStatus } from './stage-status.ts';

/** Asks the running local runtime in the place of AWS. @throws SettingsError */
export async function readLocalStatus(control: Pick<ControlClient, 'live'>): Promise<StageStatus> {
  const { stage } = await control.live();
  return readStatus(loadStageContext(stage), localLiveSources(control));
}
