import type { Verdict } from '#operator/account/verdict.ts';
import type { IdentityAnswer } from '#operator/cli/ask-identity.ts';
import type { StageContext } from '#stacks/context.ts';

/**
 * Whether the stage has its account for itself. Lambda's executions, API Gateway's requests a second and Parameter Store's are an account's and a
 * region's: what a load on one stage takes, another one lacks, in both regions alike.
 *
 * @param askIdentity - whose credentials a stage's are
 */
export async function checkSharedAccount(
  { settings, stage }: StageContext,
  askIdentity: (stage: string) => Promise<IdentityAnswer>,
): Promise<Verdict> {
  const others = settings.stages.filter((name) => name !== stage);
  const { account } = (await askIdentity(stage)).identity();
  const asked = others.map(async (name) => {
    const answer = await askIdentity(name);
    try {
      return { name, account: answer.identity().account };
    } catch {
      return { name, account: undefined };
    }
  });
  const found = await Promise.all(asked);
  const sharing = found.filter((each) => each.account === account).map(({ name }) => name);
  if (sharing.length > 0) {
    return {
      outcome: 'warn',
      found: `${sharing.join(', ')} shares account ${account}: a load there takes executions and requests a second from ${stage}, in both regions`,
      fix: 'An account for each stage: AWS_PROFILES in settings.conf names the credentials of each.',
    };
  }
  const unknown = found.filter((each) => each.account === undefined).map(({ name }) => name);
  if (unknown.length > 0) {
    return {
      outcome: 'skipped',
      found: `whose account ${unknown.join(', ')} is in is not known: no credentials for it here`,
    };
  }
  return { outcome: 'ok', found: `account ${account} is that of ${stage} alone` };
}
