import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { StageContext } from '../../../stacks/context.ts';
import { accessOf, clientSettings } from '../aws/aws-access.ts';
import { isAboutCredentials } from '../aws/credentials-error.ts';

/**
 * Id of the account that a stage's credentials belong to.
 *
 * @param region - which is asked first
 * @param other - which is asked when the first doesn't answer. @default - none
 */
export async function askAccount(context: StageContext, region: string, other?: string): Promise<string> {
  const sts = new STSClient(clientSettings(accessOf(context), region));
  try {
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined) throw new Error('AWS STS answered GetCallerIdentity without an account.');
    return account;
  } catch (error) {
    if (other === undefined || isAboutCredentials(error)) throw error;
    return askAccount(context, other);
  }
}
