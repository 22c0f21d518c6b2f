import { AwsError } from '#local/aws-endpoint/aws-error.ts';

/** Errors of Parameter Store (AWS Systems Manager API Reference); each comes with status 400. */
const error = (code: string, message: string): AwsError => new AwsError(400, code, message);

export const parameterNotFound = (name: string): AwsError => error('ParameterNotFound', `Parameter ${name} not found.`);

export const parameterVersionNotFound = (name: string, version: number | string): AwsError =>
  error(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );

export const parameterAlreadyExists = (): AwsError =>
  error(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );

export const typeMismatch = (): AwsError =>
  error(
    'HierarchyTypeMismatchException',
    "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
  );

export const tooManyLevels = (): AwsError =>
  error('HierarchyLevelLimitExceededException', 'A hierarchy can have a maximum of 15 levels.');

export const invalidAllowedPattern = (): AwsError =>
  error('InvalidAllowedPatternException', "The request doesn't meet the regular expression requirement.");

export const patternMismatch = (pattern: string): AwsError =>
  error('ParameterPatternMismatchException', `Parameter value, cannot be validated against allowedPattern: ${pattern}`);

export const tooManyVersions = (name: string, oldest: number): AwsError =>
  error(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );

export const tooManyLabels = (): AwsError =>
  error(
    'ParameterVersionLabelLimitExceeded',
    'A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.',
  );

export const invalidNextToken = (): AwsError => error('InvalidNextToken', 'The specified token is not valid.');

export const validationError = (message: string): AwsError => error('ValidationException', message);
