import { ACCOUNT_ID } from '../aws-endpoint/account.ts';
import { describeParametersInput, parseInput } from './inputs.ts';
import type { SsmOperation } from './operation.ts';
import { pageOf } from './page.ts';
import { parameterFilter } from './parameter-filters.ts';
import { parameterMetadata } from './parameter-output.ts';

export const describeParameters: SsmOperation = ({ region, store }, input) => {
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
