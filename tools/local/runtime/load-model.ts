import type * as z from 'zod/mini';
import type { synthesisSchema } from '#local/control/release-schema.ts';
import type { UsagePlan } from '#local/model/api-model.ts';
import { buildModel } from '#local/model/build-model.ts';
import type { LocalModel, RegionType } from '#local/model/model.ts';
import { ModelError } from '#local/model/model-error.ts';
import { ResourceReader } from '#local/model/resource-reader.ts';
import { readUsagePlans } from '#local/model/usage-plans.ts';
import { findTargetParts, type TargetParts } from '#local/target/target-parts.ts';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';

/** What a region's Parameter Store holds. @param region - `eu-central-1` */
export type ReadParameter = (region: string, name: string) => string | undefined;

const USAGE_PLAN_TYPES = ['aws_api_gateway_api_key', 'aws_api_gateway_usage_plan', 'aws_api_gateway_usage_plan_key'];

/** What a runtime is started from. */
interface LoadedStage {
  readonly model: LocalModel;
  /** For a change of the target while it runs. */
  readonly targetParts: TargetParts;
  /**
   * The usage plans with their keys, as the parameters are by then. Nothing else is looked at: the packages may be gone.
   *
   * @throws EvaluationError, ModelError
   */
  readonly usagePlans: UsagePlansOf;
}

/**
 * Makes the two regions out of a synthesis: reads the stacks' JSON, resolves every reference as an apply would, and takes from the resources
 * what the services need.
 *
 * @param parameter - what a region's Parameter Store holds. @default - nothing but what comes with the synthesis
 * @throws EvaluationError, ModelError with everything that is wrong, each with stack and address
 */
export async function loadModel(
  synthesis: Synthesis,
  parameter: ReadParameter = () => undefined,
): Promise<LoadedStage> {
  const { stage, outdir, regions, variables, parameters } = synthesis;
  const stacks = await readStacks(outdir);
  const optionsOf = (read: ReadParameter) => ({
    variables,
    parameter: (region: string, name: string) => read(region, name) ?? parameters[name],
  });
  const [primaryRegion, secondaryRegion] = [ownText(regions.primary), ownText(regions.secondary)];
  const evaluation = evaluateStacks(stacks, optionsOf(parameter));
  return {
    model: buildModel(evaluation, { stage, primaryRegion, secondaryRegion }),
    targetParts: findTargetParts(stage, stacks, optionsOf(parameter)),
    usagePlans: (read) => {
      const declaring = stacks.filter(({ json }) => Object.hasOwn(json.resource, 'aws_api_gateway_usage_plan'));
      const only = declaring.map(({ name }) => name);
      const reader = new ResourceReader(
        evaluateStacks(stacks, { ...optionsOf(read), only, types: USAGE_PLAN_TYPES }).resources,
      );
      const plans = readUsagePlans(reader);
      if (reader.failures.length > 0) throw new ModelError(reader.failures);
      const inRegion = (wanted: string) =>
        plans.filter(({ region }) => region === wanted).map(({ region: _, ...plan }) => plan);
      return { primary: inRegion(primaryRegion), secondary: inRegion(secondaryRegion) };
    },
  };
}

/**
 * The same text as a string of its own. One that was cut out of a file with characters beyond Latin-1 takes two bytes a character, and so does
 * every event and log line that it becomes part of.
 */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}

/** The usage plans of both regions. */
export type UsagePlansOf = (parameter: ReadParameter) => Readonly<Record<RegionType, readonly UsagePlan[]>>;

/** What the runtime is started from. */
export type Synthesis = z.infer<typeof synthesisSchema>;
