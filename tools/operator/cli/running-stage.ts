import { type ControlClient, connectControl } from '#local/control/client.ts';
import type { StageContext } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { RefusedError } from './errors.ts';
import { loadStageContext } from './stage-context.ts';

/** A stage as the local runtime runs it. */
export interface RunningStage {
  readonly context: StageContext;
  readonly control: ControlClient;
}

/**
 * The stage that the local runtime of the working directory runs.
 *
 * @param wanted - the stage that is meant. @default - whichever runs
 * @throws NoRuntimeError when none runs, RefusedError when it runs another stage, SettingsError
 */
export async function runningStage(wanted?: string): Promise<RunningStage> {
  const control = await connectControl(projectFolder());
  const { stage } = await control.status();
  if (wanted !== undefined && wanted !== stage) {
    throw new RefusedError(`The local runtime runs the stage ${stage}, not ${wanted}.`);
  }
  return { context: loadStageContext(stage), control };
}
