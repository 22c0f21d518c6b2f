import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { tooManyLevels, validationError } from './errors.ts';

/** What a caller names: a parameter, or one version of it. */
export interface ParameterReference {
  readonly name: string;
  /** What stands after the colon: a version's number, or a label. */
  readonly version?: string;
  /** `:3`, as the response repeats it. */
  readonly selector?: string;
}

const ARN = /^arn:aws[a-z-]*:ssm:[^:]*:[^:]*:parameter(\/.*)$/;
const MAX_LEVELS = 15;
/** With the ARN before it (AWS Systems Manager API Reference, "PutParameter"). */
const MAX_LENGTH = 1011;

/**
 * What a new parameter may be called (AWS Systems Manager API Reference, "PutParameter").
 *
 * @throws AwsError `ValidationException`, `HierarchyLevelLimitExceededException`, `AccessDeniedException`
 */
export function requireName(region: string, name: string): void {
  const isPath = name.startsWith('/');
  const reserved = /^\/?(aws|ssm)/i.exec(name)?.[1]?.toLowerCase();
  if (isPath && reserved === 'aws' && name.indexOf('/', 1) > 0) {
    throw new AwsError(400, 'AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (reserved !== undefined && name.indexOf('/', 1) < 0) {
    throw validationError('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  if (!isPath && name.includes('/')) throw validationError('Parameter name must be a fully qualified name.');
  if (reserved !== undefined || !/^(?:\/?[\w.-]+)(?:\/[\w.-]+)*$/.test(name)) {
    throw validationError(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.split('/').length - 1 > MAX_LEVELS) throw tooManyLevels();
  if (parameterArn(region, name).length <= MAX_LENGTH) return;
  throw validationError(`Parameter name must not be longer than ${MAX_LENGTH} characters with its ARN.`);
}

/** Reads `name`, `name:version`, `name:label` or a parameter's ARN. An ARN doesn't tell `/name` and `name` apart: `isKnown` does. */
export function parseReference(text: string, isKnown: (name: string) => boolean): ParameterReference {
  const path = ARN.exec(text)?.[1];
  const named = path ?? text;
  const colon = named.indexOf(':');
  const written = colon < 0 ? named : named.slice(0, colon);
  const name = path !== undefined && !isKnown(written) && isKnown(written.slice(1)) ? written.slice(1) : written;
  if (colon < 0) return { name };
  return { name, version: named.slice(colon + 1), selector: named.slice(colon) };
}

/** In an ARN a name has exactly one slash before it (Service Authorization Reference, "AWS Systems Manager"). */
export const parameterArn = (region: string, name: string): string =>
  `arn:${partitionOf(region)}:ssm:${region}:${ACCOUNT_ID}:parameter/${name.replace(/^\//, '')}`;
