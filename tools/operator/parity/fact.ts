import type { RegionType } from '../../../stacks/context.ts';

/** One thing that is so in a region. */
export interface Fact {
  /** `memory`, `quota`, `parameter`: what the rules of difference go by. */
  readonly kind: string;
  /** What it is a fact of: `user in envA`. The same in both regions. */
  readonly name: string;
  /** As it is shown; of a secret only a fingerprint. */
  readonly value: string;
}

/** Which of the two regions, and which of AWS's. */
export interface Place {
  readonly regionType: RegionType;
  /** AWS region. */
  readonly region: string;
}

/** Everything that is compared of one region, in order of kind and name. */
export interface RegionFacts extends Place {
  readonly facts: readonly Fact[];
}

/** Asks one region for facts of one sort. */
export type FactReader = () => Promise<readonly Fact[]>;

/** Asks all at once. @returns the facts in order of kind and name */
export async function readFacts(place: Place, readers: readonly FactReader[]): Promise<RegionFacts> {
  const facts = (await Promise.all(readers.map((read) => read()))).flat();
  return {
    ...place,
    facts: facts.sort((one, other) => compare(one.kind, other.kind) || compare(one.name, other.name)),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Several facts of one thing, by their kind. */
export function factsOf(name: string, values: Readonly<Record<string, unknown>>): readonly Fact[] {
  return Object.entries(values).map(([kind, value]) => ({ kind, name, value: factValue(value) }));
}

/** A value with its keys in order, so that equal things read alike. `-` for what isn't set. */
export function factValue(value: unknown): string {
  if (value === undefined || value === null) return '-';
  return typeof value === 'object' ? JSON.stringify(ordered(value)) : String(value);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, ordered(each)] as const)
      .sort(([one], [other]) => compare(one, other)),
  );
}
