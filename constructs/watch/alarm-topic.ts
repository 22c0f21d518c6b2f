import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { ofTheAccount } from '#constructs/encryption-key.ts';

export interface AlarmTopicProps {
  readonly topicName: string;
  /** Who is written to. */
  readonly email: string;
  readonly accountId: string;
  /** `aws` */
  readonly partition: string;
  /** Where topic and key are made. @default - the stack's provider */
  readonly provider?: AwsProvider;
}

const KEY_DELETION_DAYS = 7;

/**
 * Where alarms are sent, encrypted with a key of its own: with the key that AWS manages for SNS, CloudWatch's messages are dropped without a
 * word. The e-mail subscription waits until the link in the first message is followed.
 *
 * Source: Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted topics"; CloudWatch's alarms
 * and EventBridge's rules reach a topic in their own region only.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { accountId, topicName, provider } = props;
    // Alarms, those on Route 53's checks too, and events. A condition would keep EventBridge out (Amazon EventBridge User Guide,
    // "Troubleshooting": no condition in the policy of a topic).
    const tellers = (actions: string[], resources: string[]) => [
      {
        sid: 'Alarms',
        actions,
        resources,
        principals: [{ type: 'Service', identifiers: ['cloudwatch.amazonaws.com'] }],
        condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [accountId] }],
      },
      { sid: 'Events', actions, resources, principals: [{ type: 'Service', identifiers: ['events.amazonaws.com'] }] },
    ];
    const key = new KmsKey(this, 'key', {
      provider,
      description: `Messages of ${topicName}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      policy: new DataAwsIamPolicyDocument(this, 'key-policy', {
        statement: [ofTheAccount(props), ...tellers(['kms:Decrypt', 'kms:GenerateDataKey*'], ['*'])],
      }).json,
    });
    new KmsAlias(this, 'key-alias', { provider, name: `alias/${topicName}`, targetKeyId: key.keyId });
    const topic = new SnsTopic(this, 'topic', { provider, name: topicName, kmsMasterKeyId: key.keyId });
    new SnsTopicPolicy(this, 'policy', {
      provider,
      arn: topic.arn,
      policy: new DataAwsIamPolicyDocument(this, 'topic-policy', {
        statement: tellers(['sns:Publish'], [topic.arn]),
      }).json,
    });
    new SnsTopicSubscription(this, 'email', {
      provider,
      topicArn: topic.arn,
      protocol: 'email',
      endpoint: props.email,
    });
    this.arn = topic.arn;
  }
}
