import { afterAll, beforeAll } from 'vitest';
import { canaryScenario } from './canary-scenario.ts';
import { deployScenario } from './deploy-scenario.ts';
import { destroyScenario } from './destroy-scenario.ts';
import { diffScenario } from './diff-scenario.ts';
import { firstDeployScenario } from './first-deploy-scenario.ts';
import { keysScenario } from './keys-scenario.ts';
import { parityScenario } from './parity-scenario.ts';
import { promoteScenario } from './promote-scenario.ts';
import { routeScenario } from './route-scenario.ts';
import { routingScenario } from './routing-scenario.ts';
import { type StageOnMoto, stageOnMoto } from './stage-on-moto.ts';
import { stateScenario } from './state-scenario.ts';
import { statusScenario } from './status-scenario.ts';
import { switchScenario } from './switch-scenario.ts';
import { tidyScenario } from './tidy-scenario.ts';

/** The life of one stage, from nothing to nothing: each scenario finds it deployed, with the target envA, and leaves it so; but for the last. */
let stage: StageOnMoto;
beforeAll(async () => {
  stage = await stageOnMoto();
});
afterAll(() => stage?.close());

const opened = () => stage;
firstDeployScenario(opened);
deployScenario(opened);
diffScenario(opened);
statusScenario(opened);
switchScenario(opened);
if (process.env.TERRAFORM_SCENARIOS === 'all') canaryScenario(opened);
routeScenario(opened);
// Twenty minutes of applies, each with an empty plan after it: it runs when it is asked for.
if (process.env.TERRAFORM_SCENARIOS === 'all') routingScenario(opened);
parityScenario(opened);
promoteScenario(opened);
// Two minutes more than the whole has on two processors, of commands that no stack has a part in: they run when they are asked for.
if (process.env.TERRAFORM_SCENARIOS === 'all') keysScenario(opened);
tidyScenario(opened);
stateScenario(opened);
destroyScenario(opened);
