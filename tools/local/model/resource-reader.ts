import type { z } from 'zod';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';

/** A resource whose arguments have the shape that the model needs. */
export interface Read<Values> extends Omit<EvaluatedResource, 'values'> {
  readonly values: Values;
}

/**
 * Reads evaluated resources by type. It remembers what was asked for, which is what the runtime serves, and what is wrong, so that all
 * of it can be told at once.
 */
export class ResourceReader {
  readonly #byType = new Map<string, EvaluatedResource[]>();
  readonly #served = new Set<string>();
  readonly #unserved: EvaluatedResource[] = [];
  readonly #failures: string[] = [];

  constructor(resources: readonly EvaluatedResource[]) {
    for (const resource of resources) {
      const key = typeKey(resource.mode, resource.type);
      const sameType = this.#byType.get(key);
      if (sameType) sameType.push(resource);
      else this.#byType.set(key, [resource]);
    }
  }

  /** Managed resources of a type; those of another shape are left out and become failures. */
  managed<Schema extends z.ZodType>(type: string, schema: Schema): readonly Read<z.infer<Schema>>[] {
    return this.#parse('managed', type, schema);
  }

  /** Data sources of a type. */
  data<Schema extends z.ZodType>(type: string, schema: Schema): readonly Read<z.infer<Schema>>[] {
    return this.#parse('data', type, schema);
  }

  /** Marks a type as served though no model is made of it: other services act on its name alone. */
  serve(mode: EvaluatedResource['mode'], type: string): void {
    this.#served.add(typeKey(mode, type));
  }

  fail(resource: Pick<EvaluatedResource, 'address' | 'stack'>, message: string): void {
    this.#failures.push(`${resource.stack}: ${resource.address}: ${message}`);
  }

  /** A resource of a served type that the runtime doesn't serve as it is. */
  leaveUnserved(resource: Read<unknown>): void {
    const same = this.#byType
      .get(typeKey(resource.mode, resource.type))
      ?.find((candidate) => candidate.stack === resource.stack && candidate.address === resource.address);
    if (same) this.#unserved.push(same);
  }

  get failures(): readonly string[] {
    return this.#failures;
  }

  /** What nobody asked for, and what was left unserved. */
  get unserved(): readonly EvaluatedResource[] {
    const neverRead = [...this.#byType].filter(([key]) => !this.#served.has(key));
    return [...neverRead.flatMap(([, resources]) => resources), ...this.#unserved];
  }

  #parse<Schema extends z.ZodType>(mode: EvaluatedResource['mode'], type: string, schema: Schema) {
    const key = typeKey(mode, type);
    const reads: Read<z.infer<Schema>>[] = [];
    const isFirst = !this.#served.has(key);
    for (const resource of this.#byType.get(key) ?? []) {
      const parsed = schema.safeParse(resource.values);
      if (parsed.success) reads.push({ ...resource, values: parsed.data });
      else if (isFirst) this.fail(resource, describe(parsed.error));
    }
    this.#served.add(key);
    return reads;
  }
}

function typeKey(mode: EvaluatedResource['mode'], type: string): string {
  return mode === 'data' ? `data.${type}` : type;
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
}
