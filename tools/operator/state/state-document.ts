import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** What is read of a state. Its outputs and attributes hold secrets: nothing of them is kept but {@link KEPT}. */
export interface StateDocument {
  /** Grows with every write. */
  readonly serial: number;
  /** Random, the same for as long as a state lives. */
  readonly lineage: string;
  /** Of the state as it is stored, in hexadecimal digits. */
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  /** Keys of the states whose outputs it reads. */
  readonly reads: readonly string[];
  /** What it has of the types of {@link KEPT}. */
  readonly resources: readonly StateResource[];
}

/** A resource as a state has it: attributes of {@link KEPT} that are text. */
export interface StateResource {
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a region serves by, and how it is found there: none of these attributes is a secret. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_api_key: ['name'],
  aws_api_gateway_base_path_mapping: ['domain_name', 'base_path', 'stage_name'],
  aws_api_gateway_deployment: ['id'],
  aws_api_gateway_stage: ['stage_name', 'deployment_id'],
  aws_apigatewayv2_api_mapping: ['domain_name', 'api_mapping_key', 'stage'],
  aws_apigatewayv2_deployment: ['id'],
  aws_apigatewayv2_stage: ['name', 'deployment_id'],
  aws_lambda_alias: ['function_name', 'name', 'function_version'],
  aws_lambda_function: ['function_name', 'version'],
};

const instance = z.object({ attributes: z.optional(z.unknown()) });
const stateSchema = z.object({
  version: z.literal(4),
  serial: z.number(),
  lineage: z.string().check(z.minLength(1)),
  resources: z.array(z.object({ mode: z.string(), type: z.string(), instances: z.optional(z.array(instance)) })),
});

const attributesSchema = z.record(z.string(), z.unknown());

/** `terraform_remote_state`, whose configuration is of any type, so that Terraform stores the type beside the value. */
const remoteState = z.object({ config: z.object({ value: z.object({ key: z.string() }) }) });

/**
 * Reads a state.
 *
 * Source: Terraform, `internal/states/statefile/version4.go`.
 *
 * @returns `undefined` for what isn't a state of version 4, which Terraform writes since 0.12
 */
export function readStateDocument(body: Uint8Array): StateDocument | undefined {
  const { data: state } = stateSchema.safeParse(parsed(body));
  if (state === undefined) return undefined;
  const reads = state.resources
    .filter(({ mode, type }) => mode === 'data' && type === 'terraform_remote_state')
    .flatMap(({ instances = [] }) => instances)
    .flatMap(({ attributes }) => remoteState.safeParse(attributes).data?.config.value.key ?? []);
  const resources = state.resources.flatMap(({ mode, type, instances = [] }) =>
    mode === 'managed' && KEPT[type] ? instances.map(({ attributes }) => kept(type, attributes)) : [],
  );
  const md5 = createHash('md5').update(body).digest('hex');
  return {
    serial: state.serial,
    lineage: state.lineage,
    md5,
    size: body.length,
    reads: [...new Set(reads)],
    resources,
  };
}

function kept(type: string, attributes: unknown): StateResource {
  const { data = {} } = attributesSchema.safeParse(attributes);
  const texts = (KEPT[type] ?? []).flatMap((name) => {
    const value = data[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { type, attributes: Object.fromEntries(texts) };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** How one copy of a state stands to another. `forked`: written from both, or of another lineage; neither holds what the other does. */
export type Standing = 'forked' | 'newer' | 'older' | 'same';

/** Compares as `terraform state push` does: by lineage and serial (Terraform documentation, "Command: state push"). */
export function standing(one: StateDocument, other: StateDocument): Standing {
  if (one.md5 === other.md5) return 'same';
  if (one.lineage !== other.lineage || one.serial === other.serial) return 'forked';
  return one.serial > other.serial ? 'newer' : 'older';
}
