import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** What is read of a state. Its outputs and attributes hold secrets: nothing of them is kept. */
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
}

const instance = z.object({ attributes: z.optional(z.unknown()) });
const stateSchema = z.object({
  version: z.literal(4),
  serial: z.number(),
  lineage: z.string().check(z.minLength(1)),
  resources: z.array(z.object({ mode: z.string(), type: z.string(), instances: z.optional(z.array(instance)) })),
});

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
  const md5 = createHash('md5').update(body).digest('hex');
  return { serial: state.serial, lineage: state.lineage, md5, size: body.length, reads: [...new Set(reads)] };
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
