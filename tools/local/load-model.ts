import { buildModel } from './model/build-model.ts';
import type { LocalModel } from './model/model.ts';
import type { Synthesis } from './synthesis.ts';
import { evaluateStacks } from './terraform/evaluate.ts';
import { readStacks } from './terraform/read-stacks.ts';

/**
 * Makes the two regions out of a synthesis: reads the stacks' JSON, resolves every reference as an apply would, and takes from the resources
 * what the services need.
 *
 * @throws EvaluationError, ModelError with everything that is wrong, each with stack and address
 */
export async function loadModel(synthesis: Synthesis): Promise<LocalModel> {
  const { stage, outdir, regions, variables, parameters } = synthesis;
  const stacks = await readStacks(outdir);
  const evaluation = evaluateStacks(stacks, { variables, parameter: (_region, name) => parameters[name] });
  return buildModel(evaluation, { stage, primaryRegion: regions.primary, secondaryRegion: regions.secondary });
}
