import { AwsError } from '../aws-endpoint/aws-error.ts';
import { getParameterInput, getParametersInput, parseInput } from './inputs.ts';
import type { SsmContext, SsmOperation } from './operation.ts';
import { type ParameterReference, parameterArn, parseReference } from './parameter-name.ts';
import { parameterOutput } from './parameter-output.ts';

export const getParameter: SsmOperation = (context, input) => {
  const { Name, WithDecryption } = parseInput(getParameterInput, input);
  const reference = resolve(context, Name);
  return {
    resources: [parameterArn(context.region, reference.name)],
    run: () => ({ Parameter: read(context, reference, WithDecryption) }),
  };
};

export const getParameters: SsmOperation = (context, input) => {
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

function readIfThere(...[context, reference, withDecryption]: Parameters<typeof read>) {
  try {
    return read(context, reference, withDecryption);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
