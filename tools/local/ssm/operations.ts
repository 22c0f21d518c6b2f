import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import {
  deleteParameterInput,
  deleteParametersInput,
  describeParametersInput,
  getParameterHistoryInput,
  getParameterInput,
  getParametersByPathInput,
  getParametersInput,
  labelParameterVersionInput,
  parseInput,
  unlabelParameterVersionInput,
} from './inputs.ts';
import { historyOutput, parameterMetadata, parameterOutput, type SsmContext, type SsmOperation } from './operation.ts';
import { isBelow, pageOf, parameterFilter, requirePath } from './parameter-filters.ts';
import { type ParameterReference, parameterArn, parseReference } from './parameter-name.ts';
import { putParameter } from './put-parameter.ts';

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
      const found = asked.map(({ name, reference }) => ({
        name,
        output: ifThere(() => read(context, reference, WithDecryption)),
      }));
      return {
        Parameters: found.flatMap(({ output }) => output ?? []),
        InvalidParameters: found.flatMap(({ name, output }) => (output ? [] : name)),
      };
    },
  };
};

const resolve = ({ store }: SsmContext, text: string): ParameterReference =>
  parseReference(text, (name) => store.value(name) !== undefined);

const read = ({ region, store }: SsmContext, reference: ParameterReference, withDecryption: boolean) =>
  parameterOutput(region, store.get(reference), withDecryption, reference);

const getParametersByPath: SsmOperation = ({ region, store }, input) => {
  const given = parseInput(getParametersByPathInput, input);
  const { Path, Recursive, WithDecryption, MaxResults, NextToken } = given;
  requirePath(Path);
  const below = isBelow(Path, Recursive);
  const matches = parameterFilter('GetParametersByPath', given.ParameterFilters);
  // With a label it is the version that has it, not the newest.
  const label = given.ParameterFilters.find(({ Key }) => Key === 'Label');
  return {
    resources: [parameterArn(region, Path.replace(/(?<=.)\/$/, ''))],
    run: () => {
      const versions = store.all().flatMap((newest) => (label ? store.history(newest.name) : [newest]));
      const found = versions.filter((version) => below(version.name) && matches(version));
      const { page, next } = pageOf(found, ({ name }) => name, MaxResults, NextToken);
      return { Parameters: page.map((parameter) => parameterOutput(region, parameter, WithDecryption)), ...next };
    },
  };
};

const describeParameters: SsmOperation = ({ region, store }, input) => {
  const { ParameterFilters, MaxResults, NextToken } = parseInput(describeParametersInput, input);
  const matches = parameterFilter('DescribeParameters', ParameterFilters);
  return {
    resources: [`arn:${partitionOf(region)}:ssm:${region}:${ACCOUNT_ID}:*`],
    run: () => {
      const { page, next } = pageOf(store.all().filter(matches), ({ name }) => name, MaxResults, NextToken);
      return { Parameters: page.map((parameter) => parameterMetadata(region, parameter)), ...next };
    },
  };
};

/** Takes a name as it is: neither an ARN nor a version. */
const deleteParameter: SsmOperation = ({ region, store }, input) => {
  const { Name } = parseInput(deleteParameterInput, input);
  return { resources: [parameterArn(region, Name)], run: () => store.delete(Name) };
};

const deleteParameters: SsmOperation = ({ region, store }, input) => {
  const names = [...new Set(parseInput(deleteParametersInput, input).Names)];
  return {
    resources: names.map((name) => parameterArn(region, name)),
    run: () => {
      const isThere = (name: string) => store.value(name) !== undefined;
      const [deleted, invalid] = [names.filter(isThere), names.filter((name) => !isThere(name))];
      for (const name of deleted) store.delete(name);
      return { DeletedParameters: deleted, InvalidParameters: invalid };
    },
  };
};

const getParameterHistory: SsmOperation = (context, input) => {
  const { Name, WithDecryption, MaxResults, NextToken } = parseInput(getParameterHistoryInput, input);
  const { name } = resolve(context, Name);
  return {
    resources: [parameterArn(context.region, name)],
    run: () => {
      const idOf = ({ version }: { readonly version: number }) => String(version).padStart(12, '0');
      const { page, next } = pageOf(context.store.history(name), idOf, MaxResults, NextToken);
      return { Parameters: page.map((version) => historyOutput(version, WithDecryption)), ...next };
    },
  };
};

const labelParameterVersion: SsmOperation = (context, input) => {
  const { Name, ParameterVersion, Labels } = parseInput(labelParameterVersionInput, input);
  const { store, region } = context;
  const { name } = resolve(context, Name);
  const valid = Labels.filter(isLabel);
  return {
    resources: [parameterArn(region, name)],
    run: () => {
      const version = ParameterVersion ?? store.get({ name }).version;
      store.label(name, version, valid);
      return { InvalidLabels: Labels.filter((label) => !isLabel(label)), ParameterVersion: version };
    },
  };
};

const unlabelParameterVersion: SsmOperation = (context, input) => {
  const { Name, ParameterVersion, Labels } = parseInput(unlabelParameterVersionInput, input);
  const { name } = resolve(context, Name);
  return {
    resources: [parameterArn(context.region, name)],
    run: () => {
      const removed = context.store.unlabel(name, ParameterVersion, Labels);
      return { RemovedLabels: removed, InvalidLabels: Labels.filter((label) => !removed.includes(label)) };
    },
  };
};

/** Source: AWS Systems Manager API Reference, "LabelParameterVersion". */
const isLabel = (label: string): boolean => /^(?!aws|ssm|\d)[\w.-]+$/i.test(label);

/** What of Parameter Store is served (AWS Systems Manager API Reference). */
export const OPERATIONS: ReadonlyMap<string, SsmOperation> = new Map([
  ['DeleteParameter', deleteParameter],
  ['DeleteParameters', deleteParameters],
  ['DescribeParameters', describeParameters],
  ['GetParameter', getParameter],
  ['GetParameterHistory', getParameterHistory],
  ['GetParameters', getParameters],
  ['GetParametersByPath', getParametersByPath],
  ['LabelParameterVersion', labelParameterVersion],
  ['PutParameter', putParameter],
  ['UnlabelParameterVersion', unlabelParameterVersion],
]);

function ifThere<Output>(readIt: () => Output): Output | undefined {
  try {
    return readIt();
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
