import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ParameterStore } from '#functions/ports/parameter-store.ts';

/**
 * Parameters in SSM Parameter Store of the client's region, decrypted. Needs `ssm:GetParameter`: the key `aws/ssm` itself lets whoever may
 * read a parameter decrypt it (AWS KMS Developer Guide, "AWS managed keys").
 */
export function ssmParameterStore(client: SSMClient): ParameterStore {
  return {
    async read(name) {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      if (Parameter?.Value === undefined) throw new Error(`The parameter ${name} has no value.`);
      return Parameter.Value;
    },
  };
}
