import { ContractError } from './stacks/contract/contract-error.ts';
import { loadSettings, SettingsError } from './stacks/settings/index.ts';
import { selectStage } from './stacks/settings/select-stage.ts';
import { synthesize } from './stacks/synthesize.ts';

try {
  const settings = loadSettings('settings.conf');
  const stage = selectStage(settings, process.env.STAGE);
  await synthesize({ settings, stage });
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof ContractError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
