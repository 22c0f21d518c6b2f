import { AwsError } from '#local/aws-endpoint/aws-error.ts';

/** Errors of Parameter Store (AWS Systems Manager API Reference); each comes with status 400. */
const error = (code: string, message: string): AwsError => new AwsError(400, code, message);

export const parameterNotFound = (name: string): AwsError => error('ParameterNotFound', `Parameter ${name} not found.`);

export const parameterVersionNotFound = (name: string, version: string): AwsError =>
  error('ParameterVersionNotFound', `Systems Manager could not find version ${version} of ${name}.`);

export const parameterAlreadyExists = (name: string): AwsError =>
  error(
    'ParameterAlreadyExists',
    `The parameter ${name} already exists. To overwrite this value, set the overwrite option in the request to true.`,
  );

export const invalidNextToken = (): AwsError => error('InvalidNextToken', 'The specified token is not valid.');

export const validationError = (message: string): AwsError => error('ValidationException', message);
