import type { ControlClient } from '../../../local/control/client.ts';
import { RefusedError } from '../../cli/errors.ts';
import { loadStageContext } from '../../cli/stage-context.ts';
import { localStores } from '../../parameters/open-stores.ts';
import type { RegionFacts } from '../fact.ts';
import { localFacts } from './local-facts.ts';

/**
 * Both regions of the running local runtime.
 *
 * @param stage - @default - the one that runs
 * @throws ParametersError when another stage runs, RefusedError while a region is made to fail
 */
export async function readLocalFacts(
  control: Pick<ControlClient, 'endpoints' | 'facts' | 'status'>,
  stage: string | undefined,
): Promise<readonly [RegionFacts, RegionFacts]> {
  const [facts, { regions }] = await Promise.all([control.facts(), control.status()]);
  const failed = (['primary', 'secondary'] as const).filter((type) => regions[type].failed);
  if (failed.length > 0) {
    const remedy = failed.map((type) => `two-region local recover ${type}`).join(', ');
    throw new RefusedError(`A region that was made to fail can't be compared: ${remedy}`);
  }
  const stores = await localStores(loadStageContext(stage ?? facts.stage), control);
  return Promise.all([localFacts(facts, 'primary', stores.primary), localFacts(facts, 'secondary', stores.secondary)]);
}
