import { parameterCatalogue } from './parameters.ts';
import type { Settings } from './settings.ts';
import { didYouMean } from './suggestion.ts';

type Regions = Pick<Settings, 'primaryRegion' | 'secondaryRegion'>;

const regionOfArn = /^(arn:[^:]*:[^:]*:)([^:]*)/;

/**
 * Why a parameter cannot have this value, `undefined` when it can. A secret value is not part of the message.
 *
 * @param regions - the settings' regions, which the ARN of a regional resource must belong to
 */
export function parameterProblem(name: string, value: string, regions: Regions): string | undefined {
  const declaration = Object.hasOwn(parameterCatalogue, name) ? parameterCatalogue[name] : undefined;
  if (declaration === undefined) {
    const names = Object.keys(parameterCatalogue);
    return `got the parameter ${name}, allowed: ${names.join(', ')}.${didYouMean(name, names)}`;
  }
  const got = declaration.secret ? `a value of ${value.length} characters` : JSON.stringify(value);
  if (!declaration.pattern.test(value)) return `${name}: got ${got}, allowed: ${declaration.allowed}.`;
  if (name === 'replacement_map') return replacementMapProblem(value);
  if (declaration.region === undefined) return undefined;
  const expected = declaration.region === 'primary' ? regions.primaryRegion : regions.secondaryRegion;
  const region = regionOfArn.exec(value)?.[2];
  if (region === expected) return undefined;
  return `${name}: got ${got}, allowed: an ARN in the ${declaration.region} region ${expected}. Issue a certificate there.`;
}

/** Values of all parameters for the local runtime: the catalogue's, with the ARNs moved to the settings' regions. */
export function localParameterValues(regions: Regions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(parameterCatalogue).map(({ name, localValue, region }) => {
      if (region === undefined) return [name, localValue];
      const target = region === 'primary' ? regions.primaryRegion : regions.secondaryRegion;
      return [name, localValue.replace(regionOfArn, `$1${target}`)];
    }),
  );
}

function replacementMapProblem(value: string): string | undefined {
  try {
    const map: unknown = JSON.parse(value);
    const wrong = Object.entries(map ?? {}).find(([, replacement]) => typeof replacement !== 'string');
    return (
      wrong && `replacement_map: got ${JSON.stringify(wrong[1])} for ${JSON.stringify(wrong[0])}, allowed: a string.`
    );
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return `replacement_map: got text that is not JSON (${cause}), allowed: a JSON object of strings.`;
  }
}
