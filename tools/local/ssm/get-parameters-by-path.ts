import { getParametersByPathInput, parseInput } from './inputs.ts';
import type { SsmOperation } from './operation.ts';
import { pageOf } from './page.ts';
import { isBelow } from './parameter-filters.ts';
import { parameterArn } from './parameter-name.ts';
import { parameterOutput } from './parameter-output.ts';

export const getParametersByPath: SsmOperation = ({ region, store }, input) => {
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
