import { type Settings, SettingsError } from './index.ts';

/**
 * The stage of this run.
 *
 * @param wanted - usually the environment variable `STAGE`. @default - the first of the settings' stages
 * @throws SettingsError if the settings do not name it
 */
export function selectStage(settings: Settings, wanted: string | undefined): string {
  const stage = wanted ?? settings.stages[0];
  if (stage === undefined || !settings.stages.includes(stage)) {
    throw new SettingsError([
      {
        line: 0,
        message: `STAGE is "${stage}", allowed are ${settings.stages.join(', ')}: add it to STAGES or choose one of them.`,
      },
    ]);
  }
  return stage;
}
