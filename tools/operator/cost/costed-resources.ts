import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { RegionType } from '#stacks/context.ts';

/** One resource of a stage, as far as its cost goes. */
export interface CostedResource {
  /** `aws_lambda_function` */
  readonly type: string;
  /** Path of the construct: `dev-api-primary/user/function`. */
  readonly path: string;
  /** Stack without stage and region: `api`. */
  readonly kind: string;
  /** Of a global stack, the primary region. */
  readonly regionType: RegionType;
  /** Whether client traffic reaches it: false of the idle and the preview environment, and of what `preview` alone uses. */
  readonly hasTraffic: boolean;
  readonly config: Readonly<Record<string, unknown>>;
}

const stackSchema = z.object({
  resource: z.optional(
    z.record(
      z.string(),
      z.record(z.string(), z.looseObject({ '//': z.object({ metadata: z.object({ path: z.string() }) }) })),
    ),
  ),
});

/**
 * Reads what the stacks declare.
 *
 * @param target - the environment that gets the traffic
 * @param environments - all of them, `preview` among them
 */
export async function readCostedResources(
  stacks: readonly SynthesizedStack[],
  { target, environments }: { readonly target: string; readonly environments: readonly string[] },
): Promise<readonly CostedResource[]> {
  const perStack = stacks.map(async ({ folder, kind, regionType = 'primary' }) => {
    const { resource = {} } = stackSchema.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
    const idle = environments.includes(kind) && kind !== target;
    return Object.entries(resource).flatMap(([type, named]) =>
      Object.values(named).map(({ '//': { metadata }, ...config }) => ({
        type,
        path: metadata.path,
        kind,
        regionType,
        hasTraffic: !idle && !/\/preview-/.test(metadata.path),
        config,
      })),
    );
  });
  return (await Promise.all(perStack)).flat();
}
