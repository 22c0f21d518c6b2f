import { parameterProblem } from '#stacks/settings/parameter-values.ts';
import { JOURNEYS_KEY } from '#stacks/settings/parameters.ts';
import type { Settings } from '#stacks/settings/settings.ts';

/** What is wrong with a parameter of a stage. */
export interface ParameterProblem {
  readonly name: string;
  /** `missing`: not set. `malformed`: cannot be right. `conflict`: not together with another. `mirror`: not the same in both regions. */
  readonly kind: 'conflict' | 'malformed' | 'mirror' | 'missing';
  /** What is wrong and how to fix it, without the value of a secret. */
  readonly message: string;
}

type Values = ReadonlyMap<string, string>;

/** Pairs that AWS refuses when they are equal. */
const DIFFERENT = [
  ['preview_api_key', 'api_key', "API Gateway refuses a key's value twice"],
  [JOURNEYS_KEY, 'api_key', "API Gateway refuses a key's value twice"],
  [JOURNEYS_KEY, 'preview_api_key', "API Gateway refuses a key's value twice"],
  ['events_domain_name', 'domain_name', 'a custom domain belongs to one kind of API'],
] as const;

/** Values that cannot be right, each by itself. */
export function malformedValues(values: Values, settings: Settings): ParameterProblem[] {
  return [...values].flatMap(([name, value]) => {
    const message = parameterProblem(name, value, settings);
    return message === undefined ? [] : [{ name, kind: 'malformed' as const, message }];
  });
}

/** Values that cannot be right together. @param about - names whose conflicts are wanted. @default - all */
export function conflictingValues(values: Values, about: readonly string[] = [...values.keys()]): ParameterProblem[] {
  return DIFFERENT.flatMap(([name, other, why]) => {
    const value = values.get(name);
    if (value === undefined || !shareOne(value, values.get(other))) return [];
    if (!about.includes(name) && !about.includes(other)) return [];
    return [
      { name, kind: 'conflict', message: `${name}: got the value of ${other}, allowed: another one, as ${why}.` },
    ];
  });
}

/** A parameter of API keys holds one or two, separated by a comma. */
function shareOne(value: string, other: string | undefined): boolean {
  const others = other?.split(',') ?? [];
  return value.split(',').some((one) => others.includes(one));
}

/** Parameters of the settings that have no value. */
export function missingValues(values: Values, { parameters }: Settings, stage: string): ParameterProblem[] {
  return parameters
    .filter((name) => !values.has(name))
    .map((name) => ({
      name,
      kind: 'missing',
      message: `${name}: is not set. Set it: two-region params put ${stage} ${name}`,
    }));
}
