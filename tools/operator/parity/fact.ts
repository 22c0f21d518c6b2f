import { fingerprint } from '#operator/keys/key-parameter.ts';
import type { AskObjects } from '#operator/live/object-copies.ts';
import type { ParameterStore } from '#operator/parameters/ssm-store.ts';
import type { RegionType } from '#stacks/context.ts';
import { parameterCatalogue } from '#stacks/settings/parameters.ts';

/** Names of variables whose values are not shown. */
const SECRET = /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL/i;

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
type FactReader = () => Promise<readonly Fact[]>;

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

/** A usage plan as both readers find it; keys by fingerprint. */
interface PlanFacts {
  readonly name: string;
  readonly quota?: { readonly limit?: number | undefined; readonly period?: string | undefined } | undefined;
  readonly throttle?: { readonly rateLimit?: number | undefined; readonly burstLimit?: number | undefined } | undefined;
  /** Environments that it opens. */
  readonly stages: readonly string[];
  readonly keys: readonly { readonly fingerprint: string; readonly enabled: boolean }[];
}

/** What a usage plan allows, and whom it admits. */
export function planFacts({ name, quota, throttle, stages, keys }: PlanFacts): readonly Fact[] {
  return factsOf(name, {
    quota: quota && `${quota.limit} a ${quota.period}`,
    throttle: throttle && `${throttle.rateLimit}/s, ${throttle.burstLimit} at once`,
    'admits to': listed(stages),
    'API keys': listed(keys.map((key) => `${key.fingerprint} ${key.enabled ? 'enabled' : 'disabled'}`)),
  });
}

/** What S3 does with the data bucket's objects, where settings have them copied. */
export async function objectFacts(ask: AskObjects | undefined): Promise<readonly Fact[]> {
  if (ask === undefined) return [];
  return [{ kind: 'object replication', name: 'data bucket', value: (await ask()).rule ?? 'off' }];
}

/** Values in order; `-` for none. */
export function listed(values: readonly string[]): string {
  return values.toSorted().join(', ') || '-';
}

/** The stage's parameters; of those that are secret, or unknown, only fingerprints. */
export async function parameterFacts(store: ParameterStore): Promise<readonly Fact[]> {
  return [...(await store.readAll())].map(([name, value]) => ({
    kind: 'parameter',
    name,
    value: parameterCatalogue[name]?.secret === false ? value : secretValue(value),
  }));
}

/** What is shown of a secret: enough to tell two apart. */
function secretValue(value: string): string {
  return `sha256 ${fingerprint(value)}`;
}

/** Environment variables of a function, secrets by fingerprint. @param subject - `user in envA` */
export function variableFacts(subject: string, variables: Readonly<Record<string, string>>): readonly Fact[] {
  return Object.entries(variables).map(([variable, value]) => ({
    kind: 'environment variable',
    name: `${variable} of ${subject}`,
    value: SECRET.test(variable) ? secretValue(value) : value,
  }));
}
