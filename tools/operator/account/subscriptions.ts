import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorReason } from '#functions/error-reason.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { StageContext } from '#stacks/context.ts';
import { alarmTopicName, healthTopicName } from '#stacks/naming.ts';
import { partitionOf, route53Region } from '#stacks/settings/partitions.ts';
import { together, type Verdict } from './verdict.ts';

/** What SNS gives in the place of a subscription's ARN while nobody has followed the link. */
const UNCONFIRMED = 'PendingConfirmation';

/**
 * Whether anybody is told of a stage's alarms: each of its topics has an e-mail address, and the link that AWS sent there was followed. A topic that is
 * not there yet is no problem.
 *
 * @throws where STS does not say whose account it is
 */
export async function checkSubscriptions(context: StageContext): Promise<Verdict> {
  const { primaryRegion, secondaryRegion } = context.settings;
  const settingsIn = (region: string) => clientSettings(accessOf(context), region);
  // Of the two regions the one that global stacks work from.
  const sts = new STSClient(settingsIn(secondaryRegion));
  const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const topics = [
    { region: primaryRegion, name: alarmTopicName(context) },
    { region: secondaryRegion, name: alarmTopicName(context) },
    { region: route53Region(primaryRegion), name: healthTopicName(context) },
  ];
  const asked = topics.map(({ region, name }) =>
    judge(new SNSClient(settingsIn(region)), region, `arn:${partitionOf(region)}:sns:${region}:${account}:${name}`),
  );
  return together(await Promise.all(asked));
}

async function judge(client: SNSClient, region: string, TopicArn: string): Promise<Verdict> {
  const email: { readonly endpoint: string; readonly isConfirmed: boolean }[] = [];
  try {
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
      for (const { Protocol, Endpoint = '', SubscriptionArn } of Subscriptions) {
        if (Protocol === 'email') email.push({ endpoint: Endpoint, isConfirmed: SubscriptionArn !== UNCONFIRMED });
      }
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') {
      return { outcome: 'skipped', found: `no topic yet in ${region}` };
    }
    return { outcome: 'skipped', found: `could not be asked in ${region}: ${errorReason(error).split('\n', 1)[0]}` };
  }
  if (email.some(({ isConfirmed }) => isConfirmed)) return { outcome: 'ok', found: `confirmed in ${region}` };
  const [first] = email;
  if (first === undefined) {
    return {
      outcome: 'warn',
      found: `no e-mail subscription in ${region}`,
      fix: 'Apply the stack of its topic again.',
    };
  }
  return {
    outcome: 'warn',
    found: `${first.endpoint} has not confirmed in ${region}`,
    fix: 'Follow the link in the message "AWS Notification - Subscription Confirmation"; it holds for 3 days, after that apply the stack of its topic again.',
  };
}
