import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { StageContext } from '../../../stacks/context.ts';
import { accessOf, clientSettings } from '../aws/aws-access.ts';

/** Id of the account that a stage's credentials belong to. @param region - which is asked: one of them may be gone */
export async function askAccount(context: StageContext, region: string): Promise<string> {
  const sts = new STSClient(clientSettings(accessOf(context), region));
  const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
  if (account === undefined) throw new Error('AWS STS answered GetCallerIdentity without an account.');
  return account;
}
