import type { Ask } from '#operator/cli/prompt.ts';
import { parameterProblem } from '#stacks/settings/parameter-values.ts';
import { type ParameterDeclaration, parameterCatalogue } from '#stacks/settings/parameters.ts';
import type { Settings } from '#stacks/settings/settings.ts';

/**
 * Asks for each parameter; an empty answer leaves it as it is.
 *
 * @param current - what the primary region holds; values that are no secret are shown
 */
export async function askValues(
  ask: Ask,
  names: readonly string[],
  settings: Settings,
  current: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of names) {
    const declaration = parameterCatalogue[name];
    if (declaration === undefined) continue;
    const answer = await ask({
      message: `${name}: ${declaration.description} Allowed: ${declaration.allowed}.`,
      placeholder: whenEmpty(declaration, current.get(name)),
      hidden: declaration.secret,
      problem: (value) => (value === '' ? undefined : parameterProblem(name, value, settings)),
    });
    if (answer !== '') values.set(name, answer);
  }
  return values;
}

function whenEmpty({ secret }: ParameterDeclaration, current: string | undefined): string {
  if (current === undefined) return 'Enter leaves it unset';
  return secret || current.includes('\n') ? 'Enter keeps the present value' : `Enter keeps ${current}`;
}
