import { createHmac, randomBytes } from 'node:crypto';
import type { JsonCall, JsonInput } from '#local/aws-endpoint/json-protocol.ts';
import { type ParameterReference, parameterArn } from './parameter-name.ts';
import type { ParameterStore, ParameterVersion } from './parameter-store.ts';

/** What the operations work on. */
export interface SsmContext {
  readonly region: string;
  readonly store: ParameterStore;
}

export type SsmOperation = (context: SsmContext, input: JsonInput) => JsonCall;

/** Of this process: what it makes of a value tells nothing about the value. */
const KEY = randomBytes(32);

const blobOf = (value: string): string => createHmac('sha512', KEY).update(value).digest('base64');

/** A value as a response holds it: without decryption a SecureString's is an opaque blob. */
const shownValue = ({ type, value }: ParameterVersion, withDecryption: boolean): string =>
  type === 'SecureString' && !withDecryption ? blobOf(value) : value;

/** A parameter as GetParameter and its like answer it. */
export function parameterOutput(
  region: string,
  parameter: ParameterVersion,
  withDecryption: boolean,
  { selector }: Pick<ParameterReference, 'selector'> = {},
) {
  const { name, type, version, lastModified, dataType = 'text' } = parameter;
  return {
    Name: name,
    Type: type,
    Value: shownValue(parameter, withDecryption),
    Version: version,
    LastModifiedDate: lastModified.getTime() / 1000,
    ARN: parameterArn(region, name),
    DataType: dataType,
    ...(selector !== undefined && { Selector: selector }),
  };
}

/** A parameter as DescribeParameters answers it: without its value. */
export const parameterMetadata = (region: string, parameter: ParameterVersion) => ({
  ...settingsOutput(parameter),
  ARN: parameterArn(region, parameter.name),
});

/** A version as GetParameterHistory answers it. */
export const historyOutput = (parameter: ParameterVersion, withDecryption: boolean) => ({
  ...settingsOutput(parameter),
  Value: shownValue(parameter, withDecryption),
  Labels: parameter.labels,
});

function settingsOutput(parameter: ParameterVersion) {
  const { name, type, version, lastModified, tier, description, allowedPattern, dataType = 'text', keyId } = parameter;
  return {
    Name: name,
    Type: type,
    Version: version,
    LastModifiedDate: lastModified.getTime() / 1000,
    DataType: dataType,
    Tier: tier,
    Policies: [],
    ...(type === 'SecureString' && { KeyId: keyId ?? 'alias/aws/ssm' }),
    ...(description !== undefined && { Description: description }),
    ...(allowedPattern !== undefined && { AllowedPattern: allowedPattern }),
  };
}
