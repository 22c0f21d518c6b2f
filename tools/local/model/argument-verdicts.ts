import type { Json } from '#local/terraform/expression/value/value.ts';

/** What the runtime does about an argument of a type that it serves. */
export type Verdict = 'not served' | 'served' | 'without effect';

type Names = Readonly<Record<string, readonly string[]>>;

/** Arguments that have done their work when the stacks are evaluated: they decide on names, versions and streams. */
export const servedByEvaluation: Names = {
  aws_api_gateway_request_validator: ['rest_api_id'],
  aws_apigatewayv2_integration: ['api_id'],
  aws_cloudwatch_log_group: ['name_prefix'],
  aws_dynamodb_table: ['stream_enabled', 'stream_view_type'],
  aws_iam_policy: ['name', 'name_prefix', 'path'],
  aws_iam_role: ['name_prefix', 'path'],
  aws_lambda_function: ['publish'],
  aws_lambda_permission: ['statement_id', 'statement_id_prefix'],
  aws_s3_bucket: ['bucket_prefix'],
};

/**
 * Arguments that no client and no function of the local runtime could tell the absence of: names, notes, encryption at rest, recovery, cost, what
 * steers Terraform, what belongs to certificates. Under `*` those of every type.
 */
export const withoutEffect: Names = {
  '*': ['description', 'id', 'region', 'tags', 'tags_all', 'timeouts'],
  aws_api_gateway_api_key: ['customer_id'],
  aws_api_gateway_domain_name: [
    'certificate_arn',
    'certificate_body',
    'certificate_chain',
    'certificate_name',
    'certificate_private_key',
    'ownership_verification_certificate_arn',
    'regional_certificate_arn',
    'regional_certificate_name',
    'security_policy',
  ],
  // A function is always invoked by POST.
  aws_api_gateway_integration: ['cache_key_parameters', 'cache_namespace', 'integration_http_method'],
  aws_api_gateway_method: ['operation_name'],
  aws_api_gateway_model: ['content_type'],
  aws_api_gateway_request_validator: ['name'],
  aws_api_gateway_rest_api: ['fail_on_warnings', 'put_rest_api_mode'],
  aws_api_gateway_stage: ['xray_tracing_enabled'],
  aws_api_gateway_usage_plan: ['product_code'],
  aws_api_gateway_usage_plan_key: ['key_type'],
  aws_apigatewayv2_api: ['fail_on_warnings', 'version'],
  aws_apigatewayv2_integration: ['integration_method'],
  aws_apigatewayv2_route: ['operation_name'],
  aws_apigatewayv2_stage: ['auto_deploy'],
  aws_cloudwatch_log_group: ['deletion_protection_enabled', 'kms_key_id', 'log_group_class', 'skip_destroy'],
  aws_dynamodb_table: [
    'billing_mode',
    'deletion_protection_enabled',
    'on_demand_throughput',
    'point_in_time_recovery',
    'read_capacity',
    'server_side_encryption',
    'table_class',
    'warm_throughput',
    'write_capacity',
  ],
  aws_iam_role: ['assume_role_policy', 'force_detach_policies', 'max_session_duration'],
  aws_iam_role_policy: ['name', 'name_prefix'],
  aws_lambda_function: [
    'architectures',
    'code_signing_config_arn',
    'kms_key_arn',
    'replace_security_groups_on_destroy',
    'replacement_security_group_ids',
    'runtime',
    's3_object_version',
    'skip_destroy',
    'source_kms_key_arn',
    'tracing_config',
  ],
  aws_route53_health_check: ['enable_sni', 'measure_latency', 'triggers'],
  aws_route53_record: ['allow_overwrite', 'zone_id'],
  aws_s3_bucket: ['force_destroy', 'server_side_encryption_configuration'],
  aws_s3_bucket_versioning: ['expected_bucket_owner', 'mfa'],
  // Objects that stacks upload are packages of functions.
  aws_s3_object: [
    'acl',
    'bucket_key_enabled',
    'checksum_algorithm',
    'content_type',
    'etag',
    'force_destroy',
    'kms_key_id',
    'override_provider',
    'server_side_encryption',
    'source_hash',
    'storage_class',
  ],
};

/**
 * The verdict on an argument.
 *
 * @param read - the arguments of the type that the model is made of
 */
export function verdictOf(type: string, argument: string, read: ReadonlySet<string>): Verdict {
  if (read.has(argument) || includes(servedByEvaluation, type, argument)) return 'served';
  return includes(withoutEffect, type, argument) || includes(withoutEffect, '*', argument)
    ? 'without effect'
    : 'not served';
}

function includes(names: Names, type: string, argument: string): boolean {
  return Object.hasOwn(names, type) && names[type]?.includes(argument) === true;
}

/** Whether an argument is set to what AWS does without it: false, nothing, an endpoint that is open to all. */
export function isUsual(argument: string, value: Json | undefined): boolean {
  if (value === false || value === '' || value === undefined) return true;
  if (Array.isArray(value) && value.length === 0) return true;
  // Private APIs are closed to whoever is not in a network; so they are listed.
  if (argument === 'endpoint_configuration') return !/"PRIVATE"/.test(JSON.stringify(value));
  if (argument === 'connection_type') return value === 'INTERNET';
  if (argument === 'api_key_source') return value === 'HEADER';
  return argument === 'package_type' ? value === 'Zip' : argument === 'reserved_concurrent_executions' && value === -1;
}
