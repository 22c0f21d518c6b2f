import { parameterAlreadyExists, parameterNotFound, parameterVersionNotFound, validationError } from './errors.ts';
import type { ParameterReference } from './parameter-name.ts';

export const PARAMETER_TYPES = ['SecureString', 'String', 'StringList'] as const;

interface PutOptions {
  readonly name: string;
  readonly value: string;
  /** Absent: the type that the parameter has. */
  readonly type?: ParameterType;
  readonly description?: string;
  readonly tier?: string;
  readonly overwrite: boolean;
}

/** Versions that AWS keeps of a parameter (AWS Systems Manager User Guide, "Working with parameter versions"). */
const KEPT_VERSIONS = 100;

/** Parameters in memory, with their versions. */
export class ParameterStore {
  /** Name → versions, the newest last. Never empty. */
  readonly #parameters = new Map<string, ParameterVersion[]>();
  readonly #listeners = new Set<(change: ParameterChange) => void>();

  constructor(seeds: readonly ParameterSeed[]) {
    for (const { name, value, type = 'String' } of seeds) this.put({ name, value, type, overwrite: true });
  }

  /** @throws AwsError `ParameterNotFound`, `ParameterVersionNotFound` */
  get({ name, version }: ParameterReference): ParameterVersion {
    const versions = this.#parameters.get(name);
    const newest = versions?.at(-1);
    if (!newest) throw parameterNotFound(name);
    if (version === undefined) return newest;
    const asked = versions?.find((each) => String(each.version) === version);
    if (!asked) throw parameterVersionNotFound(name, version);
    return asked;
  }

  /** The value of the newest version. */
  value(name: string): string | undefined {
    return this.#parameters.get(name)?.at(-1)?.value;
  }

  /** @throws AwsError `ParameterAlreadyExists`; `ValidationException` when a new parameter has no type */
  put({ name, value, description, overwrite, ...options }: PutOptions): ParameterVersion {
    const versions = this.#parameters.get(name) ?? [];
    const newest = versions.at(-1);
    if (newest && !overwrite) throw parameterAlreadyExists(name);
    const type = options.type ?? newest?.type;
    if (!type) throw validationError('A parameter type is required when you create a parameter.');
    const kept = description ?? newest?.description;
    const added: ParameterVersion = {
      name,
      type,
      value,
      version: (newest?.version ?? 0) + 1,
      lastModified: new Date(),
      tier: options.tier ?? newest?.tier ?? 'Standard',
      ...(kept !== undefined && { description: kept }),
    };
    this.#parameters.set(name, [...versions, added].slice(-KEPT_VERSIONS));
    this.#announce({ name, value });
    return added;
  }

  /** @throws AwsError `ParameterNotFound` */
  delete(name: string): void {
    if (!this.#parameters.delete(name)) throw parameterNotFound(name);
    this.#announce({ name });
  }

  /** The newest version of each parameter, by name. */
  all(): ParameterVersion[] {
    return [...this.#parameters.values()]
      .flatMap((versions) => versions.slice(-1))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @returns a function that ends the subscription */
  onChange(listener: (change: ParameterChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #announce(change: ParameterChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** A parameter to start with. */
export interface ParameterSeed {
  /** `/my-api/dev/name` or `name`. */
  readonly name: string;
  readonly value: string;
  /** `String` by default. */
  readonly type?: ParameterType;
}

/** One version of a parameter. */
export interface ParameterVersion {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  /** Counted from 1. */
  readonly version: number;
  readonly lastModified: Date;
  readonly description?: string;
  readonly tier: string;
}

/** What happened to a parameter; without a value it was deleted. */
export interface ParameterChange {
  readonly name: string;
  readonly value?: string;
}
