/** What a right is limited to; `any` is what IAM limits to nothing, or what has no name before it is made. */
export type Scope =
  | 'any'
  | 'bucket'
  | 'certificate'
  | 'domain'
  | 'function'
  | 'gateway'
  | 'healthCheck'
  | 'logGroup'
  | 'parameter'
  | 'record'
  | 'role'
  | 'route'
  | 'serviceRole'
  | 'sharedRole'
  | 'state'
  | 'stateLock'
  | 'table';

/** Actions on what a scope names. */
export type Rights = Readonly<Partial<Record<Scope, readonly string[]>>>;

const verbs = (...methods: readonly string[]) => methods.map((method) => `apigateway:${method}`);
const s3 = (...names: readonly string[]) => names.map((name) => `s3:${name}`);
const gateway: Rights = { gateway: verbs('GET', 'POST', 'PUT', 'PATCH', 'DELETE') };

/** Every read of a bucket that the provider makes when it refreshes one. */
const readBucket = s3(
  ...['ListBucket', 'ListBucketVersions', 'GetBucketLocation', 'GetBucketAcl', 'GetBucketCORS', 'GetBucketLogging'],
  ...['GetBucketObjectLockConfiguration', 'GetBucketPolicy', 'GetBucketRequestPayment', 'GetBucketTagging'],
  ...['GetBucketVersioning', 'GetBucketWebsite', 'GetEncryptionConfiguration', 'GetLifecycleConfiguration'],
  ...['GetReplicationConfiguration', 'GetAccelerateConfiguration', 'GetBucketOwnershipControls'],
  ...['GetBucketPublicAccessBlock'],
);

/**
 * What the provider calls for a resource of a type: to make, read, change, tag and destroy it.
 *
 * Source: the resources of terraform-provider-aws 5.100; Service Authorization Reference; DynamoDB Developer Guide, "IAM permissions for global
 * tables"; API Gateway Developer Guide, "Configure logging for HTTP APIs", permissions.
 */
export const RESOURCE_RIGHTS: Readonly<Record<string, Rights>> = {
  aws_acm_certificate: {
    any: ['acm:RequestCertificate'],
    certificate: [
      ...['acm:DescribeCertificate', 'acm:DeleteCertificate', 'acm:ListTagsForCertificate'],
      ...['acm:AddTagsToCertificate', 'acm:RemoveTagsFromCertificate'],
    ],
  },
  aws_acm_certificate_validation: { certificate: ['acm:DescribeCertificate'] },
  aws_api_gateway_api_key: gateway,
  aws_api_gateway_base_path_mapping: gateway,
  aws_api_gateway_deployment: gateway,
  aws_api_gateway_documentation_part: gateway,
  aws_api_gateway_documentation_version: gateway,
  aws_api_gateway_domain_name: gateway,
  aws_api_gateway_gateway_response: gateway,
  aws_api_gateway_integration: gateway,
  aws_api_gateway_integration_response: gateway,
  aws_api_gateway_method: gateway,
  aws_api_gateway_method_response: gateway,
  aws_api_gateway_model: gateway,
  aws_api_gateway_request_validator: gateway,
  aws_api_gateway_resource: gateway,
  aws_api_gateway_rest_api: gateway,
  aws_api_gateway_stage: gateway,
  aws_api_gateway_usage_plan: gateway,
  aws_api_gateway_usage_plan_key: gateway,
  aws_apigatewayv2_api: gateway,
  aws_apigatewayv2_api_mapping: gateway,
  aws_apigatewayv2_deployment: gateway,
  aws_apigatewayv2_domain_name: gateway,
  aws_apigatewayv2_integration: gateway,
  aws_apigatewayv2_route: gateway,
  aws_apigatewayv2_stage: {
    ...gateway,
    any: [
      ...['logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery'],
      ...[
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
    ],
  },
  aws_cloudwatch_log_group: {
    any: ['logs:DescribeLogGroups'],
    logGroup: [
      ...['logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
      ...['logs:TagResource', 'logs:UntagResource', 'logs:ListTagsForResource', 'logs:ListTagsLogGroup'],
    ],
  },
  aws_dynamodb_table: {
    // Of a replica the provider looks whether its key is the account's own for DynamoDB.
    any: ['kms:DescribeKey'],
    table: [
      ...['dynamodb:CreateTable', 'dynamodb:DescribeTable', 'dynamodb:UpdateTable', 'dynamodb:DeleteTable'],
      ...['dynamodb:CreateTableReplica', 'dynamodb:DeleteTableReplica', 'dynamodb:DescribeTableReplicaAutoScaling'],
      ...['dynamodb:DescribeContinuousBackups', 'dynamodb:UpdateContinuousBackups', 'dynamodb:DescribeTimeToLive'],
      ...['dynamodb:ListTagsOfResource', 'dynamodb:TagResource', 'dynamodb:UntagResource'],
      // Of whoever adds a replica DynamoDB asks that they may copy its items.
      ...['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ...['dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
    ],
  },
  aws_iam_role: {
    role: [
      ...['iam:CreateRole', 'iam:DeleteRole', 'iam:GetRole', 'iam:UpdateRole', 'iam:UpdateRoleDescription'],
      ...['iam:UpdateAssumeRolePolicy', 'iam:TagRole', 'iam:UntagRole', 'iam:ListRoleTags', 'iam:ListRolePolicies'],
      ...['iam:ListAttachedRolePolicies', 'iam:ListInstanceProfilesForRole'],
    ],
  },
  aws_iam_role_policy: { role: ['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy'] },
  aws_lambda_alias: {
    function: ['lambda:CreateAlias', 'lambda:UpdateAlias', 'lambda:DeleteAlias', 'lambda:GetAlias'],
  },
  aws_lambda_function: {
    function: [
      ...['lambda:CreateFunction', 'lambda:DeleteFunction', 'lambda:GetFunction', 'lambda:GetFunctionConfiguration'],
      ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:PublishVersion'],
      ...['lambda:ListVersionsByFunction', 'lambda:TagResource', 'lambda:UntagResource', 'lambda:ListTags'],
      'lambda:GetFunctionCodeSigningConfig',
    ],
    role: ['iam:PassRole'],
    bucket: s3('GetObject', 'GetObjectVersion'),
  },
  aws_lambda_permission: { function: ['lambda:AddPermission', 'lambda:RemovePermission', 'lambda:GetPolicy'] },
  aws_route53_health_check: {
    any: ['route53:CreateHealthCheck'],
    healthCheck: [
      ...['route53:GetHealthCheck', 'route53:UpdateHealthCheck', 'route53:DeleteHealthCheck'],
      ...['route53:ListTagsForResource', 'route53:ChangeTagsForResource'],
    ],
  },
  aws_route53_record: {
    any: ['route53:GetChange'],
    record: ['route53:GetHostedZone', 'route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets'],
  },
  aws_s3_bucket: {
    bucket: [
      ...readBucket,
      ...s3('CreateBucket', 'DeleteBucket', 'PutBucketTagging', 'DeleteObject', 'DeleteObjectVersion'),
    ],
  },
  aws_s3_bucket_lifecycle_configuration: { bucket: s3('PutLifecycleConfiguration', 'GetLifecycleConfiguration') },
  aws_s3_bucket_ownership_controls: { bucket: s3('PutBucketOwnershipControls', 'GetBucketOwnershipControls') },
  aws_s3_bucket_policy: { bucket: s3('PutBucketPolicy', 'GetBucketPolicy', 'DeleteBucketPolicy') },
  aws_s3_bucket_public_access_block: { bucket: s3('PutBucketPublicAccessBlock', 'GetBucketPublicAccessBlock') },
  aws_s3_bucket_server_side_encryption_configuration: {
    bucket: s3('PutEncryptionConfiguration', 'GetEncryptionConfiguration'),
  },
  aws_s3_bucket_versioning: { bucket: s3('PutBucketVersioning', 'GetBucketVersioning') },
  aws_s3_object: {
    bucket: s3(
      ...['PutObject', 'GetObject', 'GetObjectVersion', 'GetObjectTagging', 'PutObjectTagging', 'DeleteObject'],
      ...['DeleteObjectVersion', 'ListBucketVersions', 'GetObjectAttributes'],
    ),
  },
  aws_ssm_parameter: {
    any: ['ssm:DescribeParameters'],
    parameter: [
      ...['ssm:PutParameter', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:DeleteParameter'],
      ...['ssm:AddTagsToResource', 'ssm:RemoveTagsFromResource', 'ssm:ListTagsForResource'],
    ],
  },
};

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
    ],
    ...s3('GetAccountPublicAccessBlock', 'ListAllMyBuckets'),
  ],
  bucket: s3('ListBucketVersions', 'DeleteObject', 'DeleteObjectVersion'),
  certificate: ['acm:DescribeCertificate'],
  function: [
    ...['lambda:ListAliases', 'lambda:GetPolicy', 'lambda:GetFunctionConfiguration', 'lambda:PublishVersion'],
    ...['lambda:ListVersionsByFunction', 'lambda:DeleteFunction'],
  ],
  gateway: verbs('GET', 'PATCH', 'DELETE'),
  healthCheck: ['route53:GetHealthCheckStatus'],
  logGroup: ['logs:DescribeLogStreams', 'logs:ListTagsForResource', 'logs:DeleteLogGroup'],
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
  // The last is for a sample of what the other environment wrote, before a switch.
  table: ['dynamodb:DescribeTable', 'dynamodb:UpdateTable', 'dynamodb:Scan'],
};

/** All that a switch does: it reads the gateways and functions of both regions, and moves mappings. No control plane outside of them is asked. */
export const SWITCH_RIGHTS: Rights = {
  // An emergency is theirs, too: route-away and route-back.
  route: s3('GetObject', 'PutObject'),
  domain: verbs('PATCH', 'PUT', 'POST', 'DELETE'),
  function: ['lambda:ListAliases', 'lambda:GetAlias', 'lambda:GetPolicy', 'lambda:GetFunctionConfiguration'],
  gateway: verbs('GET'),
  // A sample of what the other environment wrote.
  table: ['dynamodb:Scan'],
};
