import {
  parameterAlreadyExists,
  parameterNotFound,
  parameterVersionNotFound,
  tooManyLabels,
  tooManyVersions,
  typeMismatch,
  validationError,
} from './errors.ts';
import type { ParameterReference } from './parameter-name.ts';

export const PARAMETER_TYPES = ['SecureString', 'StringList', 'String'] as const;

/** Tiers that a parameter can be of. */
export type Tier = 'Advanced' | 'Standard';

/** What a version of a parameter says besides its value; what is absent stays as it was. */
interface Settings {
  readonly type?: ParameterType;
  readonly tier?: Tier;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly dataType?: string;
  readonly keyId?: string;
}

interface PutOptions extends Settings {
  readonly name: string;
  readonly value: string;
  readonly overwrite: boolean;
}

/** Versions that AWS keeps of a parameter (AWS Systems Manager User Guide, "Working with parameter versions"). */
const KEPT_VERSIONS = 100;
const MAX_LABELS = 10;

/** Parameters in memory, with their versions. */
export class ParameterStore {
  /** Name → versions, the newest last. Never empty. */
  readonly #parameters = new Map<string, ParameterVersion[]>();
  readonly #listeners = new Set<(change: ParameterChange) => void>();

  readonly #keep: KeepParameter;

  /**
   * @param seeds - what there is from the start
   * @param kept - what there was before, name → versions; it goes before the seeds. @default - nothing
   * @param keep - takes what becomes of a parameter before it does; when it throws, nothing has changed
   */
  constructor(
    seeds: readonly ParameterSeed[],
    kept: ReadonlyMap<string, ParameterVersion[]> = new Map(),
    keep: KeepParameter = () => {},
  ) {
    this.#keep = keep;
    for (const [name, versions] of kept) this.#parameters.set(name, versions);
    this.seed(seeds);
  }

  /** Makes the parameters that are not there yet. */
  seed(seeds: readonly ParameterSeed[]): void {
    for (const { name, value, type = 'String' } of seeds) {
      if (!this.#parameters.has(name)) this.put({ name, value, type, overwrite: true });
    }
  }

  /** @throws AwsError `ParameterNotFound`, `ParameterVersionNotFound` */
  get({ name, version }: ParameterReference): ParameterVersion {
    const versions = this.history(name);
    const asked = version === undefined ? versions.at(-1) : versions.find((each) => isNamed(each, version));
    if (!asked) throw parameterVersionNotFound(name, version ?? '');
    return asked;
  }

  /** The value of the newest version. */
  value(name: string): string | undefined {
    return this.newest(name)?.value;
  }

  newest(name: string): ParameterVersion | undefined {
    return this.#parameters.get(name)?.at(-1);
  }

  /**
   * Every version that is kept, the oldest first.
   *
   * @throws AwsError `ParameterNotFound`
   */
  history(name: string): readonly ParameterVersion[] {
    const versions = this.#parameters.get(name);
    if (!versions) throw parameterNotFound(name);
    return versions;
  }

  /**
   * @throws AwsError `ParameterAlreadyExists`, `HierarchyTypeMismatchException`, `ParameterMaxVersionLimitExceeded`; `ValidationException` when a new
   *   parameter has no type
   */
  put({ overwrite, type, tier, ...given }: PutOptions): ParameterVersion {
    const { name } = given;
    const versions = this.#parameters.get(name) ?? [];
    const newest = versions.at(-1);
    if (newest && !overwrite) throw parameterAlreadyExists();
    if (newest && type !== undefined && type !== newest.type) throw typeMismatch();
    const kept = type ?? newest?.type;
    if (!kept) throw validationError('A parameter type is required when you create a parameter.');
    const [oldest] = versions;
    if (versions.length >= KEPT_VERSIONS && oldest && oldest.labels.length > 0) {
      throw tooManyVersions(name, oldest.version);
    }
    const added: ParameterVersion = {
      ...newest,
      ...given,
      type: kept,
      version: (newest?.version ?? 0) + 1,
      lastModified: new Date(),
      tier: tier ?? newest?.tier ?? 'Standard',
      labels: [],
    };
    this.#set(name, [...versions, added].slice(-KEPT_VERSIONS));
    this.#announce({ name, value: given.value });
    return added;
  }

  /**
   * Gives a version labels, which other versions lose.
   *
   * @throws AwsError `ParameterNotFound`, `ParameterVersionNotFound`, `ParameterVersionLabelLimitExceeded`
   */
  label(name: string, version: number, labels: readonly string[]): void {
    const labelled = this.get({ name, version: String(version) });
    const all = new Set([...labelled.labels, ...labels]);
    if (all.size > MAX_LABELS) throw tooManyLabels();
    this.#relabel(name, (each) =>
      each === labelled ? [...all] : each.labels.filter((label) => !labels.includes(label)),
    );
  }

  /**
   * @returns the labels that the version had of those
   * @throws AwsError `ParameterNotFound`, `ParameterVersionNotFound`
   */
  unlabel(name: string, version: number, labels: readonly string[]): readonly string[] {
    const labelled = this.get({ name, version: String(version) });
    this.#relabel(name, (each) =>
      each === labelled ? each.labels.filter((label) => !labels.includes(label)) : each.labels,
    );
    return labels.filter((label) => labelled.labels.includes(label));
  }

  /** @throws AwsError `ParameterNotFound` */
  delete(name: string): void {
    if (!this.#parameters.has(name)) throw parameterNotFound(name);
    this.#keep(name, undefined);
    this.#parameters.delete(name);
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

  #relabel(name: string, labelsOf: (version: ParameterVersion) => readonly string[]): void {
    this.#set(
      name,
      this.history(name).map((each) => ({ ...each, labels: labelsOf(each) })),
    );
  }

  #set(name: string, versions: ParameterVersion[]): void {
    this.#keep(name, versions);
    this.#parameters.set(name, versions);
  }

  #announce(change: ParameterChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Hears of all versions of a parameter; undefined: it is deleted. */
type KeepParameter = (name: string, versions: readonly ParameterVersion[] | undefined) => void;

const isNamed = ({ version, labels }: ParameterVersion, selector: string): boolean =>
  String(version) === selector || labels.includes(selector);

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
export interface ParameterVersion extends Settings {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  /** Counted from 1. */
  readonly version: number;
  readonly lastModified: Date;
  readonly tier: Tier;
  readonly labels: readonly string[];
}

/** What happened to a parameter; without a value it was deleted. */
export interface ParameterChange {
  readonly name: string;
  readonly value?: string;
}
