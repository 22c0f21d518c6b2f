import { ParametersError } from '#operator/cli/errors.ts';
import type { StageContext } from '#stacks/context.ts';
import { parameterPath } from '#stacks/naming.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import { shownValue } from './mask.ts';
import type { ParameterStore } from './ssm-store.ts';

/**
 * One parameter.
 *
 * @param nameOrPath - `domain_name`, or in full `/APP_NAME/stage/domain_name`
 * @throws ParametersError for a path outside the stage and for a parameter that is not set
 */
export async function getParameter(
  context: StageContext,
  store: ParameterStore,
  nameOrPath: string,
  options: { readonly reveal: boolean },
): Promise<{ readonly name: string; readonly path: string; readonly value: string }> {
  const root = parameterPath(context, '');
  if (nameOrPath.startsWith('/') && !nameOrPath.startsWith(root)) {
    throw new ParametersError(`got the path ${nameOrPath}, allowed is one that starts with ${root}, or a name alone.`);
  }
  const name = nameOrPath.startsWith(root) ? nameOrPath.slice(root.length) : nameOrPath;
  const values = await store.readAll();
  const value = values.get(name);
  if (value === undefined) {
    throw new ParametersError(
      `${root}${name} is not set in ${store.region}. ${remedy(context, name, [...values.keys()])}`,
    );
  }
  return { name, path: `${root}${name}`, value: shownValue(name, value, options) };
}

function remedy({ settings, stage }: StageContext, name: string, set: readonly string[]): string {
  if (settings.parameters.includes(name)) return `Set it: two-region params put ${stage} ${name}`;
  const known = [...new Set([...settings.parameters, ...set])];
  return `Known are ${known.join(', ')}.${didYouMean(name, known)}`;
}
