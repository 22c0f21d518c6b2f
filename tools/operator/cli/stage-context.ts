import { join } from 'node:path';
import type { StageContext } from '#stacks/context.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { selectStage } from '#stacks/settings/select-stage.ts';

/**
 * The settings of the working directory's project, and one of their stages.
 *
 * @param stage - @default - the environment variable `STAGE`, else the first of the settings' stages
 * @throws SettingsError for wrong settings and for a stage that they don't have
 */
export function loadStageContext(stage: string | undefined): StageContext {
  const settings = loadSettings(join(projectFolder(), 'settings.conf'));
  return { settings, stage: selectStage(settings, stage ?? process.env.STAGE) };
}
