import type * as z from 'zod/mini';
import type { synthesisSchema } from '#local/control/release-schema.ts';
import { buildModel } from '#local/model/build-model.ts';
import type { LocalModel } from '#local/model/model.ts';
import { findTargetParts, type TargetParts } from '#local/target/target-parts.ts';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';

/** What a runtime is started from. */
interface LoadedStage {
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
  const [primaryRegion, secondaryRegion] = [ownText(regions.primary), ownText(regions.secondary)];
  return {
    model: buildModel(evaluation, { stage, primaryRegion, secondaryRegion }),
    targetParts: findTargetParts(stage, stacks, options),
  };
}

/**
 * The same text as a string of its own. One that was cut out of a file with characters beyond Latin-1 takes two bytes a character, and so does
 * every event and log line that it becomes part of.
 */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}

/** What the runtime is started from. */
export type Synthesis = z.infer<typeof synthesisSchema>;
