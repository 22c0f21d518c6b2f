import { z } from 'zod';
import { isUsual, verdictOf } from '#local/model/arguments/argument-verdicts.ts';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import { isJsonList } from '#local/terraform/expression/value/json.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';

/** A resource whose arguments have the shape that the model needs. */
export interface Read<Values> extends Omit<EvaluatedResource, 'values'> {
  readonly values: Values;
}

/** What the runtime does not serve: a type, an argument of one, a resource that is not as it would have to be. */
export interface Unserved {
  readonly name: string;
  readonly resource: EvaluatedResource;
}

/**
 * Reads evaluated resources by type. It remembers what was asked for, which is what the runtime serves, and what is wrong, so that all
 * of it can be told at once.
 */
export class ResourceReader {
  readonly #byType = new Map<string, EvaluatedResource[]>();
  readonly #served = new Set<string>();
  /** Type → the arguments that its schemas read, as {@link argumentPaths} gives them. */
  readonly #read = new Map<string, Set<string>>();
  readonly #unserved: Unserved[] = [];
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
    if (mode === 'managed' && !this.#read.has(type)) this.#read.set(type, new Set());
  }

  fail(resource: Pick<EvaluatedResource, 'address' | 'stack'>, message: string): void {
    this.#failures.push(`${resource.stack}: ${resource.address}: ${message}`);
  }

  /**
   * A resource of a served type that the runtime doesn't serve as it is.
   *
   * @param name - what the list at the start calls it. @default its type
   */
  leaveUnserved(resource: Read<unknown>, name = typeKey(resource.mode, resource.type)): void {
    const same = this.#byType
      .get(typeKey(resource.mode, resource.type))
      ?.find((candidate) => candidate.stack === resource.stack && candidate.address === resource.address);
    if (same) this.#unserved.push({ name, resource: same });
  }

  get failures(): readonly string[] {
    return this.#failures;
  }

  /** What nobody asked for, and what was left unserved. */
  get unserved(): readonly Unserved[] {
    const neverRead = [...this.#byType].filter(([key]) => !this.#served.has(key));
    const ofTypes = neverRead.flatMap(([name, resources]) => resources.map((resource) => ({ name, resource })));
    return [...ofTypes, ...this.#unserved, ...this.#unreadArguments()];
  }

  /** Managed types of which something is read, with the arguments that are. */
  get readArguments(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#read;
  }

  /** Arguments of served resources that nobody read: `aws_lambda_function.layers`. */
  #unreadArguments(): readonly Unserved[] {
    return [...this.#read].flatMap(([type, read]) =>
      (this.#byType.get(type) ?? []).flatMap((resource) =>
        resource.configured
          .flatMap((argument) => [...new Set(unserved(type, argument, resource.values[argument], read))])
          .map((argument) => ({ name: `${type}.${argument}`, resource })),
      ),
    );
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
    if (mode === 'managed') {
      const read = this.#read.get(key) ?? new Set();
      for (const name of argumentPaths(schema)) read.add(name);
      this.#read.set(key, read);
    }
    return reads;
  }
}

/** Arguments that a schema reads, those of blocks behind the block's name: `environment`, `environment.variables`. */
function argumentPaths(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return argumentPaths(schema.unwrap());
  }
  if (schema instanceof z.ZodArray) return argumentPaths(schema.element);
  if (schema instanceof z.ZodPipe) return argumentPaths(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  if (!(schema instanceof z.ZodObject)) return [];
  // A block of which nothing is read but that it is there is a block all the same.
  if (Object.keys(schema.shape).length === 0) return [''];
  return Object.entries<z.core.$ZodType>(schema.shape).flatMap(([name, inner]) => [
    name,
    ...argumentPaths(inner).map((path) => `${name}.${path}`),
  ]);
}

/** What nobody serves of an argument's value: the argument, or, of a block that is read, what stands in it. */
function unserved(type: string, path: string, value: Json | undefined, read: ReadonlySet<string>): readonly string[] {
  const verdict = verdictOf(type, path, read);
  if (verdict === 'without effect' || value === undefined) return [];
  if (verdict === 'not served') return isUsual(path, value) ? [] : [path];
  const isBlock = [...read].some((each) => each.startsWith(`${path}.`));
  if (!isBlock) return [];
  return (isJsonList(value) ? value : [value]).flatMap((block) =>
    block === null || typeof block !== 'object'
      ? []
      : Object.entries(block).flatMap(([name, inner]) => unserved(type, `${path}.${name}`, inner, read)),
  );
}

function typeKey(mode: EvaluatedResource['mode'], type: string): string {
  return mode === 'data' ? `data.${type}` : type;
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
}
