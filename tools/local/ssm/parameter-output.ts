import { createHmac, randomBytes } from 'node:crypto';
import type { ParameterVersion } from './parameter.ts';
import { type ParameterReference, parameterArn } from './parameter-name.ts';

/** Of this process: what it makes of a value tells nothing about the value. */
const KEY = randomBytes(32);

/** A parameter as GetParameter and its like answer it. Without decryption a SecureString's value is an opaque blob. */
export function parameterOutput(
  region: string,
  parameter: ParameterVersion,
  withDecryption: boolean,
  { selector }: Pick<ParameterReference, 'selector'> = {},
) {
  const { name, type, value, version, lastModified } = parameter;
  return {
    Name: name,
    Type: type,
    Value: type === 'SecureString' && !withDecryption ? blobOf(value) : value,
    Version: version,
    LastModifiedDate: lastModified.getTime() / 1000,
    ARN: parameterArn(region, name),
    DataType: 'text',
    ...(selector !== undefined && { Selector: selector }),
  };
}

/** A parameter as DescribeParameters answers it: without its value. */
export function parameterMetadata(region: string, parameter: ParameterVersion) {
  const { name, type, version, lastModified, tier, description } = parameter;
  return {
    Name: name,
    Type: type,
    Version: version,
    LastModifiedDate: lastModified.getTime() / 1000,
    ARN: parameterArn(region, name),
    DataType: 'text',
    Tier: tier,
    Policies: [],
    ...(type === 'SecureString' && { KeyId: 'alias/aws/ssm' }),
    ...(description !== undefined && { Description: description }),
  };
}

const blobOf = (value: string): string => createHmac('sha512', KEY).update(value).digest('base64');
