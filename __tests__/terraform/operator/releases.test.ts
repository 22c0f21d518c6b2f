import { afterAll, beforeAll } from 'vitest';
import { parameterScenario } from './parameter-scenario.ts';
import { releaseScenario } from './release-scenario.ts';
import { settingsScenario } from './settings-scenario.ts';
import { type StageOnMoto, stageOnMoto } from './stage-on-moto.ts';

/** A stage of its own, deployed: what is released to it is another API than this kit's, which could not be destroyed by the kit's stacks. */
let stage: StageOnMoto;
beforeAll(async () => {
  stage = await stageOnMoto({ deployedBefore: true });
  const { exitCode, stdout, stderr } = await stage.run('deploy', stage.context.stage, '--yes');
  if (exitCode !== 0) throw new Error(`The first deploy failed:\n${stdout}\n${stderr}`);
}, 1_800_000);
afterAll(() => stage?.close());

parameterScenario(() => stage);
releaseScenario(() => stage);
// Three minutes more than the whole has on two processors: it runs when it is asked for.
if (process.env.TERRAFORM_SCENARIOS === 'all') settingsScenario(() => stage);
