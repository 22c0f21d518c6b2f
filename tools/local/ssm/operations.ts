import { createHmac, randomBytes } from 'node:crypto';
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import type { JsonCall, JsonInput } from '#local/aws-endpoint/json-protocol.ts';
import {
  deleteParameterInput,
  describeParametersInput,
  getParameterInput,
  getParametersByPathInput,
  getParametersInput,
  parseInput,
  putParameterInput,
} from './inputs.ts';
import { isBelow, pageOf, parameterFilter } from './parameter-filters.ts';
import { type ParameterReference, parameterArn, parseReference } from './parameter-name.ts';
import type { ParameterStore, ParameterVersion } from './parameter-store.ts';

const putParameter: SsmOperation = ({ region, store }, input) => {
  const { Name: name, Value: value, Overwrite: overwrite, ...rest } = parseInput(putParameterInput, input);
  const tier = rest.Tier === 'Standard' ? 'Standard' : 'Advanced';
  const type = rest.Type && { type: rest.Type };
  const description = rest.Description !== undefined && { description: rest.Description };
  return {
    resources: [parameterArn(region, name)],
    run: () => ({ Version: store.put({ name, value, tier, overwrite, ...type, ...description }).version, Tier: tier }),
  };
};

/** Of this process: what it makes of a value tells nothing about the value. */
const KEY = randomBytes(32);

const blobOf = (value: string): string => createHmac('sha512', KEY).update(value).digest('base64');

const getParameter: SsmOperation = (context, input) => {
  const { Name, WithDecryption } = parseInput(getParameterInput, input);
  const reference = resolve(context, Name);
  return {
    resources: [parameterArn(context.region, reference.name)],
    run: () => ({ Parameter: read(context, reference, WithDecryption) }),
  };
};

const getParameters: SsmOperation = (context, input) => {
  const { Names, WithDecryption } = parseInput(getParametersInput, input);
  const asked = [...new Set(Names)].map((name) => ({ name, reference: resolve(context, name) }));
  return {
    resources: asked.map(({ reference }) => parameterArn(context.region, reference.name)),
    run: () => {
      const answers = asked.map(({ name, reference }) => ({
        name,
        output: readIfThere(context, reference, WithDecryption),
      }));
      return {
        Parameters: answers.flatMap(({ output }) => output ?? []),
        InvalidParameters: answers.flatMap(({ name, output }) => (output ? [] : name)),
      };
    },
  };
};

const resolve = ({ store }: SsmContext, text: string): ParameterReference =>
  parseReference(text, (name) => store.value(name) !== undefined);

const read = ({ region, store }: SsmContext, reference: ParameterReference, withDecryption: boolean) =>
  parameterOutput(region, store.get(reference), withDecryption, reference);

const getParametersByPath: SsmOperation = ({ region, store }, input) => {
  const { Path, Recursive, WithDecryption, MaxResults, NextToken } = parseInput(getParametersByPathInput, input);
  const below = isBelow(Path, Recursive);
  return {
    resources: [parameterArn(region, Path.replace(/(?<=.)\/$/, ''))],
    run: () => {
      const found = store.all().filter(({ name }) => below(name));
      const { page, next } = pageOf(found, MaxResults, NextToken);
      return { Parameters: page.map((parameter) => parameterOutput(region, parameter, WithDecryption)), ...next };
    },
  };
};

const describeParameters: SsmOperation = ({ region, store }, input) => {
  const { ParameterFilters = [], MaxResults, NextToken } = parseInput(describeParametersInput, input);
  const matches = parameterFilter(ParameterFilters);
  return {
    resources: [`arn:aws:ssm:${region}:${ACCOUNT_ID}:*`],
    run: () => {
      const { page, next } = pageOf(store.all().filter(matches), MaxResults, NextToken);
      return { Parameters: page.map((parameter) => parameterMetadata(region, parameter)), ...next };
    },
  };
};

/** Takes a name as it is: neither an ARN nor a version. */
const deleteParameter: SsmOperation = ({ region, store }, input) => {
  const { Name } = parseInput(deleteParameterInput, input);
  return { resources: [parameterArn(region, Name)], run: () => store.delete(Name) };
};

/** What of Parameter Store is served (AWS Systems Manager API Reference). */
export const OPERATIONS: ReadonlyMap<string, SsmOperation> = new Map([
  ['DeleteParameter', deleteParameter],
  ['DescribeParameters', describeParameters],
  ['GetParameter', getParameter],
  ['GetParameters', getParameters],
  ['GetParametersByPath', getParametersByPath],
  ['PutParameter', putParameter],
]);

function readIfThere(...[context, reference, withDecryption]: Parameters<typeof read>) {
  try {
    return read(context, reference, withDecryption);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** What the operations work on. */
export interface SsmContext {
  readonly region: string;
  readonly store: ParameterStore;
}

export type SsmOperation = (context: SsmContext, input: JsonInput) => JsonCall;

/** A parameter as GetParameter and its like answer it. Without decryption a SecureString's value is an opaque blob. */
function parameterOutput(
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
function parameterMetadata(region: string, parameter: ParameterVersion) {
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
