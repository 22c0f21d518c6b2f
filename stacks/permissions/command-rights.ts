import { type Rights, s3, verbs } from './resource-rights.ts';

/** What Terraform needs beside resources: its states, their locks, and the parameters that stacks read. */
export const TERRAFORM_RIGHTS: Rights = {
  any: ['sts:GetCallerIdentity'],
  state: s3('ListBucket', 'GetObject', 'PutObject', 'DeleteObject'),
  stateLock: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
  parameter: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
};

/** What the command line asks by itself when it bootstraps, checks, deploys, compares, rotates, tidies and destroys. */
export const COMMAND_RIGHTS: Rights = {
  any: [
    ...[
      'cloudwatch:DescribeAlarms',
      'dynamodb:ListTables',
      'cloudwatch:DescribeAlarmHistory',
      // The highest load of a day.
      'cloudwatch:GetMetricData',
      // What a run of readiness came to.
      'cloudwatch:PutMetricData',
      'iam:GetAccountSummary',
      'iam:GetRole',
      'iam:ListRoles',
      'iam:SimulatePrincipalPolicy',
      'lambda:GetAccountSettings',
    ],
    ...[
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'route53:GetAccountLimit',
      'route53:ListHealthChecks',
      'servicequotas:GetServiceQuota',
      'ssm:GetServiceSetting',
    ],
    ...s3('GetAccountPublicAccessBlock', 'ListAllMyBuckets'),
  ],
  bucket: s3('ListBucketVersions', 'DeleteObject', 'DeleteObjectVersion'),
  certificate: ['acm:DescribeCertificate'],
  topic: ['sns:ListSubscriptionsByTopic'],
  function: [
    ...['lambda:ListAliases', 'lambda:GetPolicy', 'lambda:GetFunctionConfiguration', 'lambda:PublishVersion'],
    ...['lambda:ListVersionsByFunction', 'lambda:DeleteFunction'],
  ],
  gateway: verbs('GET', 'PATCH', 'DELETE'),
  healthCheck: ['route53:GetHealthCheckStatus'],
  logGroup: ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:ListTagsForResource', 'logs:DeleteLogGroup'],
  record: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'],
  parameter: ['ssm:PutParameter'],
  serviceRole: ['iam:CreateServiceLinkedRole'],
  sharedRole: [
    ...['iam:CreateRole', 'iam:GetRole', 'iam:AttachRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:PassRole'],
    ...['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:UpdateAssumeRolePolicy'],
  ],
  state: [
    ...s3('CreateBucket', 'GetBucketVersioning', 'PutBucketVersioning', 'GetEncryptionConfiguration'),
    ...s3('PutEncryptionConfiguration', 'GetBucketPolicy', 'PutBucketPolicy', 'GetBucketPublicAccessBlock'),
    ...s3('PutBucketPublicAccessBlock', 'GetBucketOwnershipControls', 'PutBucketOwnershipControls'),
    ...s3('GetReplicationConfiguration', 'PutReplicationConfiguration', 'GetObjectVersion', 'ListBucketVersions'),
  ],
  stateLock: [
    ...['dynamodb:CreateTable', 'dynamodb:UpdateTable', 'dynamodb:DescribeContinuousBackups', 'dynamodb:Scan'],
    ...['dynamodb:UpdateContinuousBackups', 'dynamodb:UpdateItem'],
  ],
  // The scan is for a sample of what the other environment wrote, before a switch; an item is read of heartbeats.
  table: ['dynamodb:DescribeTable', 'dynamodb:UpdateTable', 'dynamodb:Scan', 'dynamodb:GetItem'],
};

/** All that a switch does: it reads the gateways and functions of both regions, and moves mappings. No control plane outside of them is asked. */
export const SWITCH_RIGHTS: Rights = {
  // Whether an alarm of the environment that is to go live has gone off; composite ones are told to who may ask for all (API Reference, DescribeAlarms).
  any: ['cloudwatch:DescribeAlarms'],
  // An emergency is theirs, too: route-away and route-back.
  route: s3('GetObject', 'PutObject'),
  domain: verbs('PATCH', 'PUT', 'POST', 'DELETE'),
  function: ['lambda:ListAliases', 'lambda:GetAlias', 'lambda:GetPolicy', 'lambda:GetFunctionConfiguration'],
  gateway: verbs('GET'),
  // A sample of what the other environment wrote.
  table: ['dynamodb:Scan'],
};

/** What a canary needs besides: it gives weights to aliases, of which they are a part, so who may do that may move aliases, too. */
export const CANARY_RIGHTS: Rights = {
  any: ['cloudwatch:GetMetricData'],
  function: ['lambda:UpdateAlias'],
};

/** All that a replay does: it reads records of the functions' logs, what the regions run, and names and keys of the APIs, which it calls. */
export const REPLAY_RIGHTS: Rights = {
  any: ['sts:GetCallerIdentity'],
  call: ['execute-api:Invoke'],
  function: ['lambda:ListAliases', 'lambda:GetAlias', 'lambda:GetFunctionConfiguration'],
  gateway: verbs('GET'),
  logGroup: ['logs:FilterLogEvents'],
  parameter: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
};

/**
 * What whoever deploys needs besides, where settings ask for keys of one's own: services encrypt tables, objects, variables and logs in the name of who
 * makes them.
 *
 * Source: Amazon DynamoDB Developer Guide, "Encryption at rest: usage notes"; AWS Lambda Developer Guide, "Securing Lambda environment variables"; Amazon
 * CloudWatch Logs API Reference, "AssociateKmsKey".
 */
export const OWN_KEY_RIGHTS: Rights = {
  ownKey: [
    ...['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    ...['kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  ],
  logGroup: ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'],
};

/**
 * What a drill on AWS needs beside states and locks: what `status` and `alarms` ask, `route-away`, and a statement that denies on the roles of the stage's
 * functions, which it takes away again.
 */
export const DRILL_RIGHTS: Rights = {
  any: ['cloudwatch:DescribeAlarms', 'route53:ListHealthChecks'],
  // What its load asks is signed where the contract says so.
  call: ['execute-api:Invoke'],
  certificate: ['acm:DescribeCertificate'],
  // Whoever may write policies of a role may give it everything: of the functions that lose their table, then, and of no pipeline.
  drilledRole: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  function: ['lambda:ListAliases', 'lambda:GetFunctionConfiguration'],
  gateway: verbs('GET'),
  healthCheck: ['route53:GetHealthCheckStatus'],
  route: s3('GetObject', 'PutObject'),
  // Heartbeats.
  table: ['dynamodb:GetItem'],
};
