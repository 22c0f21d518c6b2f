import { afterAll, beforeAll } from 'vitest';
import { firstDeployScenario } from './first-deploy-scenario.ts';
import { parameterScenario } from './parameter-scenario.ts';
import { releaseScenario } from './release-scenario.ts';
import { settingsScenario } from './settings-scenario.ts';
import { type StageOnMoto, stageOnMoto } from './stage-on-moto.ts';

/** A stage of its own: what is released to it is another API than this kit's, which could not be destroyed by the kit's stacks. */
let stage: StageOnMoto;
beforeAll(async () => {
  stage = await stageOnMoto();
});
afterAll(() => stage?.close());

firstDeployScenario(() => stage);
parameterScenario(() => stage);
releaseScenario(() => stage);
// Three minutes more than the whole has on two processors: it runs when it is asked for.
if (process.env.TERRAFORM_SCENARIOS === 'all') settingsScenario(() => stage);
