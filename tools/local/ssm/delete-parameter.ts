import { deleteParameterInput, parseInput } from './inputs.ts';
import type { SsmOperation } from './operation.ts';
import { parameterArn } from './parameter-name.ts';

/** Takes a name as it is: neither an ARN nor a version. */
export const deleteParameter: SsmOperation = ({ region, store }, input) => {
  const { Name } = parseInput(deleteParameterInput, input);
  return { resources: [parameterArn(region, Name)], run: () => store.delete(Name) };
};
