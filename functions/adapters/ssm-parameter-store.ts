import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ParameterStore } from '../ports/parameter-store.ts';

/** Parameters in SSM Parameter Store of the client's region. Needs `ssm:GetParameter`. */
export function ssmParameterStore(client: SSMClient): ParameterStore {
  return {
    async read(name) {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
      if (Parameter?.Value === undefined) throw new Error(`The parameter ${name} has no value.`);
      return Parameter.Value;
    },
  };
}
