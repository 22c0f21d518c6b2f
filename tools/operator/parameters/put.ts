import { ParametersError } from '#operator/cli/errors.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import { mirror, type Written, writeChanged } from './mirror.ts';
import { conflictingValues, malformedValues } from './parameter-problems.ts';
import type { ParameterStores } from './ssm-store.ts';

/** What `put` and `sync` did with one parameter. */
export interface ParameterWrite {
  readonly name: string;
  readonly primary: 'left out' | 'unchanged' | 'written';
  readonly secondary: Written;
}

/**
 * Sets parameters in the primary region and mirrors them. Nothing is set when one of the values is wrong.
 *
 * @param current - what the primary region holds, or the one that is left
 * @param without - region that is lost: they are set in the other one alone. @default - none
 * @throws ParametersError with everything that is wrong
 */
export async function putParameters(
  { settings }: StageContext,
  stores: ParameterStores,
  current: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
  without?: RegionType,
): Promise<readonly ParameterWrite[]> {
  const known = new Map([...values].filter(([name]) => settings.parameters.includes(name)));
  const problems = [
    ...malformedValues(known, settings),
    ...conflictingValues(new Map([...current, ...known]), [...known.keys()]),
  ];
  const messages = [
    ...unknownNames([...values.keys()], settings.parameters),
    ...problems.map(({ message }) => message),
  ];
  if (messages.length > 0) throw new ParametersError(messages.join('\n'));
  if (without !== undefined) return putAlone(stores, current, values, without);
  const primary = new Map<string, 'unchanged' | 'written'>();
  try {
    for (const [name, value] of values) primary.set(name, await writeChanged(stores.primary, current, name, value));
  } catch (error) {
    // What the primary region took before it refused one stays there, so the secondary gets it, too.
    await mirror(stores.secondary, new Map([...values].filter(([name]) => primary.has(name))));
    throw error;
  }
  return merge(primary, await mirror(stores.secondary, values));
}

async function putAlone(
  stores: ParameterStores,
  current: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
  without: RegionType,
): Promise<readonly ParameterWrite[]> {
  const writes: ParameterWrite[] = [];
  for (const [name, value] of values) {
    const outcome = await writeChanged(stores[otherRegion(without)], current, name, value);
    const secondary = without === 'secondary' ? ('left out' as const) : outcome;
    writes.push({ name, primary: without === 'primary' ? 'left out' : outcome, secondary: { outcome: secondary } });
  }
  return writes;
}

/** Gives the secondary region whatever the primary holds of the settings' parameters. */
export async function syncParameters(
  { settings }: StageContext,
  stores: ParameterStores,
): Promise<readonly ParameterWrite[]> {
  const values = [...(await stores.primary.readAll())].filter(([name]) => settings.parameters.includes(name));
  const unchanged = new Map(values.map(([name]) => [name, 'unchanged' as const]));
  return merge(unchanged, await mirror(stores.secondary, new Map(values)));
}

/** @throws ParametersError for names that `PARAMETERS` of the settings lacks */
export function requireKnown(names: readonly string[], declared: readonly string[]): void {
  const messages = unknownNames(names, declared);
  if (messages.length > 0) throw new ParametersError(messages.join('\n'));
}

function unknownNames(names: readonly string[], declared: readonly string[]): readonly string[] {
  return names
    .filter((name) => !declared.includes(name))
    .map(
      (name) =>
        `got the parameter ${name}, allowed are those of PARAMETERS in settings.conf: ${declared.join(', ')}.${didYouMean(name, declared)}`,
    );
}

function merge(
  primary: ReadonlyMap<string, 'unchanged' | 'written'>,
  secondary: ReadonlyMap<string, Written>,
): ParameterWrite[] {
  return [...primary].map(([name, outcome]) => ({
    name,
    primary: outcome,
    secondary: secondary.get(name) ?? { outcome: 'unchanged' },
  }));
}
