import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { RegionType } from '#stacks/context.ts';

/** One resource of a stage, as far as its cost goes. */
export interface CostedResource {
  /** `aws_lambda_function` */
  readonly type: string;
  /** Its name in Terraform, unique in its stack among those of its type. */
  readonly name: string;
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

/** Which environments a stage has. */
export interface StageEnvironments {
  /** The one that gets the traffic. */
  readonly target: string;
  /** All of them, `preview` among them. */
  readonly environments: readonly string[];
}

/** Whether client traffic reaches what a stack of a kind has at a path. */
export function hasTraffic(kind: string, path: string, { target, environments }: StageEnvironments): boolean {
  const idle = environments.includes(kind) && kind !== target;
  return !idle && !/\/preview-/.test(path);
}

/** Reads what the stacks declare. */
export async function readCostedResources(
  stacks: readonly SynthesizedStack[],
  environments: StageEnvironments,
): Promise<readonly CostedResource[]> {
  const perStack = stacks.map(async ({ folder, kind, regionType = 'primary' }) => {
    const { resource = {} } = stackSchema.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
    const [definition] = Object.values(resource.aws_ecs_task_definition ?? {});
    // A service has the size of its tasks by its definition.
    const size = (type: string) =>
      type === 'aws_ecs_service' && definition
        ? { cpu: Number(definition.cpu), memory: Number(definition.memory) }
        : {};
    return Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(
        ([
          name,
          {
            '//': { metadata },
            ...config
          },
        ]) => ({
          type,
          name,
          path: metadata.path,
          kind,
          regionType,
          hasTraffic: hasTraffic(kind, metadata.path, environments),
          config: { ...config, ...size(type) },
        }),
      ),
    );
  });
  return (await Promise.all(perStack)).flat();
}
