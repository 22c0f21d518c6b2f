import * as z from 'zod/mini';
import { StateStorageError } from '#operator/cli/errors.ts';
import { stackOf } from '#operator/state/region-states.ts';
import type { StateStore } from '#operator/state/state-store.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { isReservedEnvironment } from '#stacks/settings/stack-names.ts';

/** What Terraform's state says that a stack has in the account. */
export interface HeldStack {
  /** `dev-envA-primary` */
  readonly id: string;
  /** `envA-primary` */
  readonly name: string;
  /** What both regions have: `envA`. Of a global stack, its name. */
  readonly kind: string;
  /** `undefined` for global stacks. */
  readonly regionType?: RegionType;
  /** How many resources. */
  readonly resources: number;
  /** Names of tables and buckets among them. */
  readonly tables: readonly string[];
  readonly buckets: readonly string[];
}

const stateSchema = z.object({
  version: z.literal(4),
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      instances: z.array(z.object({ attributes: z.optional(z.nullable(z.record(z.string(), z.unknown()))) })),
    }),
  ),
});

/**
 * Reads what a stage has out of its states. Stacks that hold nothing are left out.
 *
 * Source: Terraform, `internal/states/statefile/version4.go`.
 *
 * @throws StateStorageError where the bucket is missing, or something in it is no state
 */
export async function heldStacks(
  context: StageContext,
  store: Pick<StateStore, 'keys' | 'location' | 'read'>,
): Promise<readonly HeldStack[]> {
  const keys = await store.keys();
  if (keys === undefined) {
    throw new StateStorageError(
      `There is no bucket ${store.location.bucket}, so nobody knows what ${context.stage} has. If it never had one, there is nothing to destroy.`,
    );
  }
  const stacks = await Promise.all(
    keys.map(async (key) => heldStack(context.stage, key, (await store.read(key)).body, store.location.bucket)),
  );
  return stacks.filter(({ resources }) => resources > 0);
}

function heldStack(stage: string, key: string, body: Uint8Array, bucket: string): HeldStack {
  const { data: state } = stateSchema.safeParse(parsed(body));
  if (state === undefined)
    throw new StateStorageError(
      `s3://${bucket}/${key} is no state of Terraform. Look: two-region state verify ${stage}`,
    );
  const managed = state.resources.filter(({ mode }) => mode === 'managed');
  const names = (type: string, attribute: string) =>
    managed
      .filter((resource) => resource.type === type)
      .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes?.[attribute] ?? '')));
  const id = stackOf(key);
  const name = id.startsWith(`${stage}-`) ? id.slice(stage.length + 1) : id;
  const [, kind = name, region] = /^(.+)-(primary|secondary)$/.exec(name) ?? [];
  return {
    id,
    name,
    kind,
    ...((region === 'primary' || region === 'secondary') && { regionType: region }),
    resources: managed.reduce((sum, { instances }) => sum + instances.length, 0),
    tables: names('aws_dynamodb_table', 'name'),
    buckets: names('aws_s3_bucket', 'bucket'),
  };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Environments that a stage has or may have: those of the settings, then those that only states still know. */
export function everyEnvironment({ settings }: StageContext, held: readonly HeldStack[]): readonly string[] {
  const made = held.flatMap(({ kind, regionType }) =>
    regionType === undefined || isReservedEnvironment(kind) ? [] : [kind],
  );
  return [...new Set([...settings.apiEnvironments, ...made])];
}

/** The stage with these environments in the place of those of settings.conf. */
export function withEnvironments(context: StageContext, apiEnvironments: readonly string[]): StageContext {
  return { ...context, settings: { ...context.settings, apiEnvironments } };
}
