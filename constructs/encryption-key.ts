import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';

/** Where a key is, and whose it is. */
export interface KeyPlace {
  readonly accountId: string;
  /** `aws` */
  readonly partition: string;
  /** AWS region. */
  readonly region: string;
}

/** A statement of a key's policy. */
export interface KeyUse {
  readonly sid: string;
  readonly actions: string[];
  readonly principals: { readonly type: string; readonly identifiers: string[] }[];
  readonly condition: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

export interface EncryptionKeyProps extends KeyPlace {
  /** Without `alias/`. */
  readonly aliasName: string;
  readonly description: string;
  /** Who may use it, beside those whom the account's IAM policies let. */
  readonly uses: readonly KeyUse[];
  /** Where it is made. @default - the stack's provider */
  readonly provider?: AwsProvider;
}

/** The longest that KMS waits before a key is gone, and with it all that it encrypted. Source: AWS KMS API Reference, ScheduleKeyDeletion. */
const DELETION_DAYS = 30;

/**
 * A key of the account's own in one region, rotated every year. It is no multi-region key: what one region has is encrypted with a key that is there,
 * and a key that is disabled, or lost, in one region takes nothing from the other.
 *
 * Source: AWS KMS Developer Guide, "Default key policy", "Rotating AWS KMS keys".
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { accountId, aliasName, partition, provider } = props;
    const key = new KmsKey(this, 'key', {
      provider,
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_DAYS,
      policy: new DataAwsIamPolicyDocument(this, 'key-policy', {
        statement: [
          ofTheAccount({ accountId, partition }),
          ...props.uses.map((use) => ({ ...use, resources: THE_KEY_ITSELF })),
        ],
      }).json,
    });
    const alias = new KmsAlias(this, 'key-alias', { provider, name: `alias/${aliasName}`, targetKeyId: key.keyId });
    // By way of the alias, so that it is there first: rights to use the key are given by its alias.
    this.arn = alias.targetKeyArn;
  }
}

/** In a key's policy `*` is the key itself. */
const THE_KEY_ITSELF = ['*'];

/** Who of the account may what with a key is decided by IAM, as everywhere, and no mistake in the key's policy locks everybody out. */
export function ofTheAccount({ accountId, partition }: Pick<KeyPlace, 'accountId' | 'partition'>) {
  return {
    sid: 'Account',
    actions: ['kms:*'],
    resources: THE_KEY_ITSELF,
    principals: [{ type: 'AWS', identifiers: [`arn:${partition}:iam::${accountId}:root`] }],
  };
}

/**
 * Lets CloudWatch Logs encrypt log groups and nothing else.
 *
 * Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
 *
 * @param service - `logs.eu-central-1.amazonaws.com`
 * @param groupNames - `*` for any text
 */
export function usedByLogs({ accountId, partition, region }: KeyPlace, service: string, groupNames: readonly string[]) {
  return {
    sid: 'Logs',
    actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    principals: [{ type: 'Service', identifiers: [service] }],
    condition: [
      {
        test: 'ArnLike',
        variable: 'kms:EncryptionContext:aws:logs:arn',
        values: groupNames.map((name) => `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`),
      },
    ],
  };
}

export interface RolesUse {
  readonly sid: string;
  readonly actions: string[];
  /** By which service alone: `dynamodb.eu-central-1.amazonaws.com`. */
  readonly via: string;
  /** Names of the roles, `*` for any text. */
  readonly roleNames: readonly string[];
  /** What the service says that it encrypts: `aws:dynamodb:tableName`. */
  readonly context: { readonly name: string; readonly values: string[] };
}

/**
 * Lets roles use a key by one service, for what that service encrypts. It stands with the key and not with the roles: a published version keeps the
 * role that it was made with, so one that is live when the key comes would be locked out of its own data.
 *
 * Source: AWS KMS Developer Guide, "kms:ViaService", "kms:EncryptionContext:context-key"; what services ask of callers: Amazon DynamoDB Developer
 * Guide, "Encryption at rest: how it works", Amazon S3 User Guide, "Specifying server-side encryption with AWS KMS".
 */
export function usedByRoles({ accountId, partition }: KeyPlace, use: RolesUse): KeyUse {
  return {
    sid: use.sid,
    actions: use.actions,
    // A pattern can be no principal; whoever it is must be of the account, and one of the roles.
    principals: [{ type: 'AWS', identifiers: ['*'] }],
    condition: [
      { test: 'StringEquals', variable: 'kms:CallerAccount', values: [accountId] },
      { test: 'StringEquals', variable: 'kms:ViaService', values: [use.via] },
      {
        test: 'ArnLike',
        variable: 'aws:PrincipalArn',
        values: use.roleNames.map((name) => `arn:${partition}:iam::${accountId}:role/${name}`),
      },
      { test: 'StringLike', variable: `kms:EncryptionContext:${use.context.name}`, values: use.context.values },
    ],
  };
}
