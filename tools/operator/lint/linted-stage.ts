import * as z from 'zod/mini';
import type { Operation } from '#contract/operation.ts';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import type { Stack } from '#local/terraform/stack.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';

/** A resource that has what a rule asks of it. */
export interface Found<Values> extends Pick<EvaluatedResource, 'address' | 'region' | 'stack'> {
  readonly values: Values;
}

const metadataSchema = z.object({ '//': z.object({ metadata: z.object({ path: z.string() }) }) });

/** A stage as its stacks declare it, every reference resolved as an apply would. */
export class LintedStage {
  readonly #byType = new Map<string, EvaluatedResource[]>();

  constructor(
    readonly context: StageContext,
    readonly operations: readonly Operation[],
    readonly stacks: readonly Stack[],
    resources: readonly EvaluatedResource[],
  ) {
    for (const resource of resources) {
      const key = resource.mode === 'data' ? `data.${resource.type}` : resource.type;
      this.#byType.set(key, [...(this.#byType.get(key) ?? []), resource]);
    }
  }

  /** Managed resources of a type that have the shape. */
  of<Schema extends z.core.$ZodType>(type: string, schema: Schema): readonly Found<z.core.output<Schema>>[] {
    return (this.#byType.get(type) ?? []).flatMap(({ address, region, stack, values }) => {
      const parsed = z.safeParse(schema, values);
      return parsed.success ? [{ address, region, stack, values: parsed.data }] : [];
    });
  }

  /** The one of the two regions that a code is of; `undefined` for others. */
  typeOf(region: string): RegionType | undefined {
    const { primaryRegion, secondaryRegion } = this.context.settings;
    if (region === primaryRegion) return 'primary';
    return region === secondaryRegion ? 'secondary' : undefined;
  }

  /** Path of the construct that declares something: `dev-api-primary/user/function`; of anything else its stack and address. */
  pathOf(stackName: string, address: string): string {
    const [, type = '', name = ''] = /^(\w+)\.([^[]+)/.exec(address) ?? [];
    const body = this.stacks.find((stack) => stack.name === stackName)?.json.resource[type]?.[name];
    const parsed = metadataSchema.safeParse(body);
    return parsed.success ? parsed.data['//'].metadata.path : `${stackName}/${address}`;
  }
}
