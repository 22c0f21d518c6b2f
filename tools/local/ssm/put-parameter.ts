import { parseInput, putParameterInput } from './inputs.ts';
import type { SsmOperation } from './operation.ts';
import { parameterArn } from './parameter-name.ts';

export const putParameter: SsmOperation = ({ region, store }, input) => {
  const { Name: name, Value: value, Overwrite: overwrite, ...rest } = parseInput(putParameterInput, input);
  const tier = rest.Tier === 'Standard' ? 'Standard' : 'Advanced';
  const type = rest.Type && { type: rest.Type };
  const description = rest.Description !== undefined && { description: rest.Description };
  return {
    resources: [parameterArn(region, name)],
    run: () => ({ Version: store.put({ name, value, tier, overwrite, ...type, ...description }).version, Tier: tier }),
  };
};
