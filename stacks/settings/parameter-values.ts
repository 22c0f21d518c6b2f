import {
  parseReplacementMap,
  ReplacementMapError,
} from '#functions/string-replace/replacement/parse-replacement-map.ts';
import { parameterCatalogue } from './parameters.ts';
import { partitionOf } from './partitions.ts';
import { didYouMean } from './problem.ts';
import type { Settings } from './settings.ts';

type Regions = Pick<Settings, 'primaryRegion' | 'secondaryRegion'>;

/** Of a value, in the advanced tier. Source: AWS Systems Manager User Guide, "Managing parameter tiers". */
const MOST_BYTES = 8192;

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
  const bytes = Buffer.byteLength(value);
  if (bytes > MOST_BYTES) {
    return `${name}: got ${bytes} bytes, allowed: at most ${MOST_BYTES}, as Parameter Store holds no more.`;
  }
  if (!declaration.pattern.test(value)) return `${name}: got ${got}, allowed: ${declaration.allowed}.`;
  if (value.includes('{{')) {
    return `${name}: got a value with "{{", allowed: none, as Parameter Store takes that for a reference to another parameter. In JSON write it as "\\u007b{".`;
  }
  const foreign = foreignPartition(value, regions.primaryRegion);
  if (foreign !== undefined) return `${name}: got ${got}, allowed: ${foreign}.`;
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
      const own = localValue.replace(/^arn:aws:/, `arn:${partitionOf(regions.primaryRegion)}:`);
      if (region === undefined) return [name, own];
      const target = region === 'primary' ? regions.primaryRegion : regions.secondaryRegion;
      return [name, own.replace(regionOfArn, `$1${target}`)];
    }),
  );
}

/** IAM and ACM know ARNs of their own partition only. @returns what an ARN in the value has to begin with, if one does not */
function foreignPartition(value: string, region: string): string | undefined {
  const own = `arn:${partitionOf(region)}:`;
  const arns = value.split(',').filter((part) => part.startsWith('arn:'));
  return arns.every((arn) => arn.startsWith(own))
    ? undefined
    : `ARNs that begin with ${own}, the partition of ${region}`;
}

/** By the very rules of the function that reads it, which would refuse what is put. */
function replacementMapProblem(value: string): string | undefined {
  try {
    parseReplacementMap(value);
    return undefined;
  } catch (error) {
    if (error instanceof ReplacementMapError) return `replacement_map: ${error.problems.join(' ')}`;
    throw error;
  }
}
