import { EDGE_RIGHTS } from './edge-rights.ts';

/** What a right is limited to; `any` is what IAM limits to nothing, or what has no name before it is made. */
export type Scope =
  | 'alarm'
  | 'any'
  | 'bucket'
  | 'buildLog'
  | 'call'
  | 'certificate'
  | 'container'
  | 'domain'
  | 'dashboard'
  | 'drilledRole'
  | 'edge'
  | 'function'
  | 'gateway'
  | 'healthCheck'
  | 'key'
  | 'logGroup'
  | 'managedRules'
  | 'ownKey'
  | 'parameter'
  | 'pipeline'
  | 'policy'
  | 'record'
  | 'role'
  | 'route'
  | 'schedule'
  | 'serviceRole'
  | 'samplingRule'
  | 'sharedRole'
  | 'state'
  | 'stateLock'
  | 'table'
  | 'topic'
  | 'webAcl';

/** Actions on what a scope names. */
export type Rights = Readonly<Partial<Record<Scope, readonly string[]>>>;

/** Methods of API Gateway's own API, which are its actions. */
export function verbs(...methods: readonly string[]): readonly string[] {
  return methods.map((method) => `apigateway:${method}`);
}

/** Actions of S3. */
export function s3(...names: readonly string[]): readonly string[] {
  return names.map((name) => `s3:${name}`);
}

const gateway: Rights = { gateway: verbs('GET', 'POST', 'PUT', 'PATCH', 'DELETE') };

const waf = (...names: readonly string[]) => names.map((name) => `wafv2:${name}`);
const wafTags = ['ListTagsForResource', 'TagResource', 'UntagResource'];

const alarmRights = [
  ...['cloudwatch:DeleteAlarms', 'cloudwatch:ListTagsForResource', 'cloudwatch:TagResource'],
  'cloudwatch:UntagResource',
];

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
  aws_api_gateway_authorizer: gateway,
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
  aws_api_gateway_method_settings: gateway,
  aws_api_gateway_model: gateway,
  aws_api_gateway_request_validator: gateway,
  aws_api_gateway_resource: gateway,
  aws_api_gateway_rest_api: gateway,
  aws_api_gateway_stage: gateway,
  aws_api_gateway_usage_plan: gateway,
  aws_api_gateway_usage_plan_key: gateway,
  aws_apigatewayv2_api: gateway,
  aws_apigatewayv2_api_mapping: gateway,
  aws_apigatewayv2_authorizer: gateway,
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
  aws_cloudwatch_composite_alarm: {
    alarm: ['cloudwatch:PutCompositeAlarm', 'cloudwatch:DescribeAlarms', ...alarmRights],
  },
  aws_cloudwatch_dashboard: {
    dashboard: ['cloudwatch:PutDashboard', 'cloudwatch:GetDashboard', 'cloudwatch:DeleteDashboards'],
  },
  ...EDGE_RIGHTS,
  aws_cloudwatch_query_definition: {
    any: ['logs:PutQueryDefinition', 'logs:DescribeQueryDefinitions', 'logs:DeleteQueryDefinition'],
  },
  aws_cloudwatch_event_rule: {
    schedule: [
      ...['events:PutRule', 'events:DescribeRule', 'events:DeleteRule', 'events:ListTargetsByRule'],
      ...['events:ListTagsForResource', 'events:TagResource', 'events:UntagResource'],
    ],
  },
  aws_cloudwatch_event_target: {
    schedule: ['events:PutTargets', 'events:ListTargetsByRule', 'events:RemoveTargets'],
  },
  aws_cloudwatch_metric_alarm: {
    alarm: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', ...alarmRights],
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
  aws_kms_alias: {
    any: ['kms:ListAliases'],
    key: ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'],
  },
  aws_kms_key: {
    any: ['kms:CreateKey'],
    key: [
      ...['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:PutKeyPolicy', 'kms:GetKeyRotationStatus'],
      ...['kms:EnableKeyRotation', 'kms:DisableKeyRotation', 'kms:UpdateKeyDescription', 'kms:ListResourceTags'],
      ...['kms:TagResource', 'kms:UntagResource', 'kms:ScheduleKeyDeletion', 'kms:EnableKey', 'kms:DisableKey'],
    ],
  },
  aws_lambda_alias: {
    function: ['lambda:CreateAlias', 'lambda:UpdateAlias', 'lambda:DeleteAlias', 'lambda:GetAlias'],
  },
  aws_lambda_function: {
    function: [
      ...['lambda:CreateFunction', 'lambda:DeleteFunction', 'lambda:GetFunction', 'lambda:GetFunctionConfiguration'],
      ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:PublishVersion'],
      ...['lambda:ListVersionsByFunction', 'lambda:TagResource', 'lambda:UntagResource', 'lambda:ListTags'],
      ...['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency', 'lambda:GetFunctionConcurrency'],
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
  aws_s3_bucket_replication_configuration: {
    bucket: s3('PutReplicationConfiguration', 'GetReplicationConfiguration'),
    role: ['iam:PassRole'],
  },
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
  aws_sns_topic: {
    topic: [
      ...['sns:CreateTopic', 'sns:DeleteTopic', 'sns:GetTopicAttributes', 'sns:SetTopicAttributes'],
      ...['sns:ListTagsForResource', 'sns:TagResource', 'sns:UntagResource'],
    ],
  },
  aws_sns_topic_policy: { topic: ['sns:GetTopicAttributes', 'sns:SetTopicAttributes'] },
  aws_sns_topic_subscription: {
    // A subscription that nobody has confirmed has no ARN of its own.
    any: ['sns:GetSubscriptionAttributes', 'sns:SetSubscriptionAttributes', 'sns:Unsubscribe'],
    topic: ['sns:Subscribe', 'sns:ListSubscriptionsByTopic'],
  },
  aws_xray_sampling_rule: {
    any: ['xray:GetSamplingRules'],
    samplingRule: [
      ...['xray:CreateSamplingRule', 'xray:UpdateSamplingRule', 'xray:DeleteSamplingRule'],
      ...['xray:ListTagsForResource', 'xray:TagResource', 'xray:UntagResource'],
    ],
  },
  aws_wafv2_web_acl: {
    webAcl: waf('CreateWebACL', 'GetWebACL', 'UpdateWebACL', 'DeleteWebACL', ...wafTags),
    managedRules: waf('CreateWebACL', 'UpdateWebACL'),
  },
  aws_wafv2_web_acl_association: {
    webAcl: waf('AssociateWebACL', 'DisassociateWebACL', 'GetWebACL', 'GetWebACLForResource'),
    gateway: ['apigateway:SetWebACL', ...waf('AssociateWebACL', 'DisassociateWebACL', 'GetWebACLForResource')],
    // Of load balancers, which only a stage with the container API has: AWS WAF Developer Guide, "Actions that require additional permissions settings".
    container: [
      'elasticloadbalancing:SetWebACL',
      ...waf('AssociateWebACL', 'DisassociateWebACL', 'GetWebACLForResource'),
    ],
  },
  aws_wafv2_web_acl_logging_configuration: {
    webAcl: waf('PutLoggingConfiguration', 'GetLoggingConfiguration', 'DeleteLoggingConfiguration'),
    any: [
      ...['logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:PutResourcePolicy'],
      ...['logs:DescribeResourcePolicies', 'logs:DescribeLogGroups'],
    ],
  },
  aws_ssm_parameter: {
    any: ['ssm:DescribeParameters'],
    parameter: [
      ...['ssm:PutParameter', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:DeleteParameter'],
      ...['ssm:AddTagsToResource', 'ssm:RemoveTagsFromResource', 'ssm:ListTagsForResource'],
    ],
  },
};
