import { buildModel } from './model/build-model.ts';
import type { LocalModel } from './model/model.ts';
import type { Synthesis } from './synthesis.ts';
import { findTargetParts, type TargetParts } from './target/target-parts.ts';
import { evaluateStacks } from './terraform/evaluate.ts';
import { readStacks } from './terraform/read-stacks.ts';

/** What a runtime is started from. */
export interface LoadedStage {
  readonly model: LocalModel;
  /** For a change of the target while it runs. */
  readonly targetParts: TargetParts;
}

/**
 * Makes the two regions out of a synthesis: reads the stacks' JSON, resolves every reference as an apply would, and takes from the resources
 * what the services need.
 *
 * @throws EvaluationError, ModelError with everything that is wrong, each with stack and address
 */
export async function loadModel(synthesis: Synthesis): Promise<LoadedStage> {
  const { stage, outdir, regions, variables, parameters } = synthesis;
  const stacks = await readStacks(outdir);
  const options = { variables, parameter: (_region: string, name: string) => parameters[name] };
  const evaluation = evaluateStacks(stacks, options);
  return {
    model: buildModel(evaluation, { stage, primaryRegion: regions.primary, secondaryRegion: regions.secondary }),
    targetParts: findTargetParts(stage, stacks, options),
  };
}
