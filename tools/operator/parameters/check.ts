import type { StageContext } from '#stacks/context.ts';
import { conflictingValues, malformedValues, missingValues, type ParameterProblem } from './parameter-problems.ts';
import type { ParameterStores } from './ssm-store.ts';

/** Everything that would make a deploy, or a region by itself, fail: what is missing, malformed, in conflict or not mirrored. */
export async function checkParameters(
  { settings, stage }: StageContext,
  { primary, secondary }: ParameterStores,
): Promise<readonly ParameterProblem[]> {
  const all = await primary.readAll();
  const values = new Map([...all].filter(([name]) => settings.parameters.includes(name)));
  return [
    ...missingValues(values, settings, stage),
    ...malformedValues(values, settings),
    ...conflictingValues(values),
    ...mirrorProblems(values, await secondary.readAll(), secondary.region, stage),
  ];
}

function mirrorProblems(
  values: ReadonlyMap<string, string>,
  mirrored: ReadonlyMap<string, string>,
  region: string,
  stage: string,
): ParameterProblem[] {
  return [...values].flatMap(([name, value]) => {
    const other = mirrored.get(name);
    if (other === value) return [];
    const what = other === undefined ? 'is missing' : 'has another value';
    const message = `${name}: ${what} in the secondary region ${region}. Repair it: two-region params sync ${stage}`;
    return [{ name, kind: 'mirror' as const, message }];
  });
}
