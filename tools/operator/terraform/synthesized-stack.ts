import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { RegionType } from '#stacks/context.ts';

/** A stack as it was synthesized: what Terraform runs on. Names are without the stage: `data`, `envA-primary`. */
export interface SynthesizedStack {
  /** `dev-envA-primary` */
  readonly id: string;
  /** `envA-primary` */
  readonly name: string;
  /** What both regions have: `envA`. Of a global stack, its name. */
  readonly kind: string;
  /** `undefined` for global stacks. */
  readonly regionType?: RegionType;
  /** Absolute path of the folder that holds `cdk.tf.json`. */
  readonly folder: string;
  /** Names of the stacks whose state this one reads. */
  readonly dependencies: readonly string[];
  /** Names of the variables that it declares. */
  readonly variables: readonly string[];
  /** Types of the resources that it declares, one entry per resource. */
  readonly resourceTypes: readonly string[];
}

const manifestSchema = z.object({
  stacks: z.record(
    z.string(),
    z.object({ name: z.string(), synthesizedStackPath: z.string(), dependencies: z.array(z.string()) }),
  ),
});

const stackSchema = z.object({
  variable: z.optional(z.record(z.string(), z.unknown())),
  resource: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
});

/**
 * Reads the stacks of one synthesis.
 *
 * @param outdir - folder that holds `manifest.json`
 * @param stage - what their ids start with
 */
export async function readStacks(outdir: string, stage: string): Promise<readonly SynthesizedStack[]> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(outdir, 'manifest.json'), 'utf8')));
  const withoutStage = (id: string) => (id.startsWith(`${stage}-`) ? id.slice(stage.length + 1) : id);
  return Promise.all(
    Object.values(manifest.stacks).map(async ({ name: id, synthesizedStackPath, dependencies }) => {
      const file = resolve(outdir, synthesizedStackPath);
      const { variable = {}, resource = {} } = stackSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      const name = withoutStage(id);
      const [, kind = name, region] = /^(.+)-(primary|secondary)$/.exec(name) ?? [];
      const regionType = region === 'primary' || region === 'secondary' ? region : undefined;
      return {
        id,
        name,
        kind,
        ...(regionType && { regionType }),
        folder: dirname(file),
        dependencies: dependencies.map(withoutStage),
        variables: Object.keys(variable),
        resourceTypes: Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map(() => type)),
      };
    }),
  );
}

const emptySchema = z.object({
  terraform: z.record(z.string(), z.unknown()),
  provider: z.record(z.string(), z.unknown()),
});

/**
 * Takes everything out of a stack's configuration but where its state is and how AWS is reached. Who destroys it then needs nothing of the code,
 * which may refer to what other stacks never had or have no more: all that the state has is destroyed because nothing declares it.
 *
 * @param folder - holds the configuration; the next synthesis writes it anew
 */
export async function declareNothing({ folder }: Pick<SynthesizedStack, 'folder'>): Promise<void> {
  const file = join(folder, 'cdk.tf.json');
  const { terraform, provider } = emptySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify({ terraform, provider }, null, 2));
}
