import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { accountRemarks } from '#operator/account/questions.ts';
import { checkSubscriptions } from '#operator/account/subscriptions.ts';
import { prefix } from '#stacks/naming.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const own = prefix(context);

describe('who is told of alarms (S3.6)', () => {
  const sns = mockClient(SNSClient);
  const sts = mockClient(STSClient);
  // What else a status asks fails here, and is left to the doctor.
  const others = [mockClient(APIGatewayClient), mockClient(DynamoDBClient), mockClient(S3ControlClient)];
  afterAll(() => {
    for (const mock of [sns, sts, ...others]) mock.restore();
  });
  beforeEach(() => {
    sns.reset();
    sts.reset();
    sts.on(GetCallerIdentityCommand).resolves({ Account: '123456789012' });
  });
  const email = (SubscriptionArn: string) => ({
    Subscriptions: [{ Protocol: 'email', Endpoint: 'ops@example.com', SubscriptionArn }],
  });

  it('is asked of the topics of both regions and of the health checks, each in its region', async () => {
    sns.on(ListSubscriptionsByTopicCommand).resolves(email('arn:aws:sns:eu-central-1:123456789012:t:1'));
    expect(await checkSubscriptions(context)).toMatchObject({ outcome: 'ok' });
    expect(sns.commandCalls(ListSubscriptionsByTopicCommand).map(({ args }) => args[0].input.TopicArn)).toEqual([
      `arn:aws:sns:eu-central-1:123456789012:${own}-alarms`,
      `arn:aws:sns:eu-west-1:123456789012:${own}-alarms`,
      `arn:aws:sns:us-east-1:123456789012:${own}-health`,
    ]);
  });

  it('warns of an address that has not confirmed, with what to do', async () => {
    sns.on(ListSubscriptionsByTopicCommand).resolves(email('PendingConfirmation'));
    const found = expect.stringMatching(/^ops@example\.com has not confirmed in eu-central-1; .+ in us-east-1$/);
    const fix = expect.stringMatching(/^Follow the link/);
    expect(await checkSubscriptions(context)).toEqual({ outcome: 'warn', found, fix });
    // A status says it, too.
    const remarks = await accountRemarks(context);
    expect(remarks.filter((remark) => remark.startsWith('alarm e-mail:'))).toEqual([
      expect.stringMatching(/ops@example\.com has not confirmed.+Mend it: Follow the link/s),
    ]);
  });

  it('warns of a topic without an address, and says nothing of one that is not there yet', async () => {
    sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [{ Protocol: 'sqs', SubscriptionArn: 'arn' }] });
    expect(await checkSubscriptions(context)).toMatchObject({ outcome: 'warn' });
    const none = Object.assign(new Error('Topic does not exist'), { name: 'NotFoundException' });
    sns.on(ListSubscriptionsByTopicCommand).rejects(none);
    expect(await checkSubscriptions(context)).toMatchObject({ outcome: 'skipped' });
  });
});
