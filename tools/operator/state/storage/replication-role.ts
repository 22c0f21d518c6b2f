import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { type Setting, unless } from '#operator/aws/setting.ts';
import { bucketArn } from './bucket-settings.ts';
import { isSamePolicy, policyOf } from './policy-document.ts';
import type { OwnedBucket } from './state-bucket.ts';

const POLICY_NAME = 'replicate-state';
const ABSENT = ['NoSuchEntityException'];

/** The buckets between which S3 copies. */
export interface Replication {
  readonly from: OwnedBucket;
  readonly to: OwnedBucket;
}

/**
 * Who may be the role: S3. Without conditions, as AWS has it in all of its examples: whether S3 names bucket and account when it takes a role
 * to replicate is written nowhere, and where it does not, a condition on them ends replication without a word. Nobody else can have S3 use the
 * role, as that needs `iam:PassRole` on it.
 *
 * Source: Amazon S3 User Guide, "Setting up permissions for live replication".
 */
const TRUST_POLICY = policyOf([
  { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' },
]);

/** What the role may do, from where to where. Source: as of {@link TRUST_POLICY}. */
function permissions({ from, to }: Replication): string {
  const source = bucketArn(from.bucket, from.region);
  return policyOf([
    { Effect: 'Allow', Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'], Resource: source },
    {
      Effect: 'Allow',
      Action: ['s3:GetObjectVersionAcl', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging'],
      Resource: `${source}/*`,
    },
    {
      Effect: 'Allow',
      Action: ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'],
      Resource: `${bucketArn(to.bucket, to.region)}/*`,
    },
  ]);
}

/** Whether the account has the role. */
export async function hasRole(iam: IAMClient, role: string): Promise<boolean> {
  return (await unless(ABSENT, iam.send(new GetRoleCommand({ RoleName: role })))) !== undefined;
}

/** Makes the role unless the account has it. @returns whether it is new */
export async function claimRole(iam: IAMClient, role: string, replication: Replication): Promise<boolean> {
  if (await hasRole(iam, role)) return false;
  const command = new CreateRoleCommand({
    RoleName: role,
    AssumeRolePolicyDocument: TRUST_POLICY,
    Description: `Lets S3 copy Terraform's state from ${replication.from.bucket} to ${replication.to.bucket}.`,
  });
  await iam.send(command);
  return true;
}

/** What the role must be: trusted by S3 alone, allowed to copy from one bucket to the other and nothing else. */
export function roleSettings(iam: IAMClient, role: string, replication: Replication): readonly Setting[] {
  return [
    {
      name: 'trust policy',
      isSet: async () => {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
        return isSamePolicy(decoded(Role?.AssumeRolePolicyDocument), TRUST_POLICY);
      },
      set: async () => {
        const PolicyDocument = TRUST_POLICY;
        await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));
      },
    },
    {
      name: 'permissions',
      isSet: async () => {
        const read = iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: POLICY_NAME }));
        return isSamePolicy(decoded((await unless(ABSENT, read))?.PolicyDocument), permissions(replication));
      },
      set: async () => {
        const PolicyDocument = permissions(replication);
        await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: POLICY_NAME, PolicyDocument }));
      },
    },
  ];
}

/** IAM answers with policies as RFC 3986 encodes them (IAM API Reference, "GetRolePolicy"). */
function decoded(document: string | undefined): string | undefined {
  return document === undefined ? undefined : decodeURIComponent(document);
}
