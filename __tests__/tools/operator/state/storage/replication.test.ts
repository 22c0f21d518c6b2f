import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  GetBucketReplicationCommand,
  PutBucketReplicationCommand,
  type ReplicationConfiguration,
  type ReplicationRule,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureSettings } from '#operator/aws/setting.ts';
import { bucketReplication } from '#operator/state/storage/bucket-replication.ts';
import { isSamePolicy, policyOf } from '#operator/state/storage/policy-document.ts';
import { claimRole, roleSettings } from '#operator/state/storage/replication-role.ts';

const account = '123456789012';
const replication = {
  from: { bucket: 'state-dev', account, region: 'eu-central-1' },
  to: { bucket: 'state-dev-replica', account, region: 'eu-west-1' },
};
const named = (name: string) => Object.assign(new Error(name), { name });

describe('role that copies the state (B10)', () => {
  const iam = mockClient(IAMClient);
  afterAll(() => iam.restore());
  const client = new IAMClient({});
  const settings = roleSettings(client, 'app-dev-state-replication', replication);
  const documentOf = (text: string | undefined) => JSON.parse(text ?? '{}').Statement;
  beforeEach(() => {
    iam.reset();
    iam.onAnyCommand().resolves({});
  });

  it('may be taken by S3 alone, whatever S3 says of the bucket when it takes it (B29)', async () => {
    iam.on(GetRoleCommand).rejects(named('NoSuchEntityException'));
    expect(await claimRole(client, 'app-dev-state-replication', replication)).toBe(true);
    const [call] = iam.commandCalls(CreateRoleCommand);
    expect(documentOf(call?.args[0].input.AssumeRolePolicyDocument)).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ]);
  });

  it('reads versions of one bucket and writes copies to the other, and nothing else', async () => {
    iam.on(GetRolePolicyCommand).rejects(named('NoSuchEntityException'));
    await ensureSettings(true, settings);
    const [call] = iam.commandCalls(PutRolePolicyCommand);
    const statements: { Action: string[]; Resource: string }[] = documentOf(call?.args[0].input.PolicyDocument);
    const allowed = statements.flatMap(({ Action, Resource }) => Action.map((action) => `${action} ${Resource}`));
    expect(allowed.sort()).toEqual([
      's3:GetObjectVersionAcl arn:aws:s3:::state-dev/*',
      's3:GetObjectVersionForReplication arn:aws:s3:::state-dev/*',
      's3:GetObjectVersionTagging arn:aws:s3:::state-dev/*',
      's3:GetReplicationConfiguration arn:aws:s3:::state-dev',
      's3:ListBucket arn:aws:s3:::state-dev',
      's3:ReplicateDelete arn:aws:s3:::state-dev-replica/*',
      's3:ReplicateObject arn:aws:s3:::state-dev-replica/*',
      's3:ReplicateTags arn:aws:s3:::state-dev-replica/*',
    ]);
  });

  it('is left alone where its policies are right, as IAM encodes them, and repaired where they allow more', async () => {
    iam.on(GetRoleCommand).rejectsOnce(named('NoSuchEntityException')).resolves({});
    await claimRole(client, 'app-dev-state-replication', replication);
    iam.on(GetRolePolicyCommand).rejectsOnce(named('NoSuchEntityException'));
    await ensureSettings(true, settings);
    const trust = iam.commandCalls(CreateRoleCommand)[0]?.args[0].input.AssumeRolePolicyDocument ?? '';
    const permissions = iam.commandCalls(PutRolePolicyCommand)[0]?.args[0].input.PolicyDocument ?? '';
    const role = { Path: '/', RoleName: 'r', RoleId: 'r', Arn: 'a', CreateDate: new Date(0) };
    iam.on(GetRoleCommand).resolves({ Role: { ...role, AssumeRolePolicyDocument: encodeURIComponent(trust) } });
    const has = (document: string) =>
      iam
        .on(GetRolePolicyCommand)
        .resolves({ RoleName: 'r', PolicyName: 'p', PolicyDocument: encodeURIComponent(document) });
    has(permissions);
    expect((await ensureSettings(false, settings)).map(({ outcome }) => outcome)).toEqual(['existed', 'existed']);
    has(permissions.replaceAll('state-dev-replica/*', '*'));
    expect((await ensureSettings(false, settings)).map(({ outcome }) => outcome)).toEqual(['existed', 'repaired']);
  });
});

describe("replication of the state's bucket (B10)", () => {
  const s3 = mockClient(S3Client);
  afterAll(() => s3.restore());
  const setting = bucketReplication(new S3Client({}), 'role', replication);
  const put = () => s3.commandCalls(PutBucketReplicationCommand)[0]?.args[0].input;
  const holds = (ReplicationConfiguration: ReplicationConfiguration) =>
    s3.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration });
  beforeEach(() => {
    s3.reset();
    s3.on(PutBucketReplicationCommand).resolves({});
  });

  it("copies every object and delete marker to the secondary region's bucket", async () => {
    s3.on(GetBucketReplicationCommand).rejects(named('ReplicationConfigurationNotFoundError'));
    expect(await setting.isSet()).toBe(false);
    await setting.set();
    expect(put()).toMatchObject({ Bucket: 'state-dev', ExpectedBucketOwner: account });
    expect(put()?.ReplicationConfiguration).toEqual({
      Role: 'arn:aws:iam::123456789012:role/role',
      Rules: [
        {
          ID: 'state-to-secondary-region',
          Status: 'Enabled',
          Priority: 1,
          Filter: { Prefix: '' },
          DeleteMarkerReplication: { Status: 'Enabled' },
          Destination: {
            Bucket: 'arn:aws:s3:::state-dev-replica',
            ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
            Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
          },
        },
      ],
    });
  });

  it.each([
    ['is off', { Status: 'Disabled' }],
    ['leaves deletions out', { DeleteMarkerReplication: { Status: 'Disabled' } }],
    ['copies some objects only', { Filter: { Prefix: 'dev/' } }],
    ['copies tagged objects only', { Filter: { Tag: { Key: 'a', Value: 'b' } } }],
    ['promises no time', { Destination: { Bucket: 'arn:aws:s3:::state-dev-replica' } }],
    ['copies to another bucket', { Destination: { Bucket: 'arn:aws:s3:::other' } }],
  ] satisfies [string, Partial<ReplicationRule>][])('is to be repaired where its rule %s', async (_, difference) => {
    s3.on(GetBucketReplicationCommand).rejectsOnce(named('ReplicationConfigurationNotFoundError'));
    await setting.set();
    const right = put()?.ReplicationConfiguration ?? { Role: '', Rules: [] };
    holds(right);
    expect(await setting.isSet()).toBe(true);
    holds({ ...right, Rules: right.Rules?.map((rule) => ({ ...rule, ...difference })) });
    expect(await setting.isSet()).toBe(false);
  });

  it('keeps rules of other ids, with a priority of its own', async () => {
    const other: ReplicationRule = {
      ID: 'audit',
      Status: 'Enabled',
      Priority: 7,
      Filter: { Prefix: '' },
      Destination: { Bucket: 'arn:aws:s3:::audit' },
    };
    holds({ Role: 'arn:aws:iam::123456789012:role/role', Rules: [other] });
    expect(await setting.isSet()).toBe(false);
    await setting.set();
    expect(put()?.ReplicationConfiguration?.Rules).toEqual([other, expect.objectContaining({ Priority: 8 })]);
  });
});

describe('policies', () => {
  it('are the same where IAM takes them as the same, and differ where a statement is missing', () => {
    const statement = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: '*' };
    expect(isSamePolicy(policyOf([statement]), policyOf([{ ...statement, Action: 's3:GetObject' }]))).toBe(true);
    expect(isSamePolicy(policyOf([statement]), policyOf([statement, statement]))).toBe(false);
    expect(isSamePolicy(undefined, policyOf([statement]))).toBe(false);
  });
});
