import type { Json } from '#local/terraform/expression/value/value.ts';

/** What the runtime does about an argument of a type that it serves. */
export type Verdict = 'not served' | 'served' | 'without effect';

type Names = Readonly<Record<string, readonly string[]>>;

/** Arguments that have done their work when the stacks are evaluated: they decide on names, versions and streams. */
export const servedByEvaluation: Names = {
  aws_api_gateway_deployment: ['rest_api_id', 'triggers'],
  aws_api_gateway_request_validator: ['rest_api_id'],
  aws_apigatewayv2_deployment: ['api_id', 'triggers'],
  aws_apigatewayv2_integration: ['api_id'],
  aws_cloudwatch_log_group: ['name_prefix'],
  aws_dynamodb_table: ['stream_enabled', 'stream_view_type'],
  aws_iam_policy: ['name', 'name_prefix', 'path'],
  aws_iam_role: ['name_prefix', 'path'],
  aws_lambda_function: ['publish'],
  aws_lambda_permission: ['statement_id', 'statement_id_prefix'],
  aws_s3_bucket: ['bucket_prefix'],
  aws_wafv2_web_acl: ['name_prefix'],
};

/** Of objects that stacks upload, which are packages of functions. */
const ofPackages = [
  'acl',
  'bucket_key_enabled',
  'content_type',
  'etag',
  'force_destroy',
  'kms_key_id',
  'server_side_encryption',
  'source_hash',
  'storage_class',
];

/** What a route's logs and metrics hold beside the access log. */
const ofRouteSettings = ['data_trace_enabled', 'detailed_metrics_enabled', 'logging_level'];

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
  // They document and type the clients: what is sent, the integration responses say.
  aws_api_gateway_method_response: [
    'http_method',
    'resource_id',
    'response_models',
    'response_parameters',
    'rest_api_id',
    'status_code',
  ],
  aws_api_gateway_method_settings: [
    'settings.cache_data_encrypted',
    'settings.data_trace_enabled',
    'settings.logging_level',
    'settings.metrics_enabled',
  ],
  aws_api_gateway_model: ['content_type'],
  aws_api_gateway_request_validator: ['name'],
  aws_api_gateway_rest_api: ['fail_on_warnings', 'put_rest_api_mode'],
  // A stage's certificate is for hosts of HTTP integrations.
  aws_api_gateway_stage: ['client_certificate_id', 'xray_tracing_enabled'],
  aws_api_gateway_usage_plan: ['product_code'],
  aws_api_gateway_usage_plan_key: ['key_type'],
  aws_apigatewayv2_api: ['fail_on_warnings', 'ip_address_type', 'version'],
  aws_apigatewayv2_authorizer: ['name'],
  aws_apigatewayv2_domain_name: [
    'domain_name_configuration.certificate_arn',
    'domain_name_configuration.endpoint_type',
    'domain_name_configuration.ip_address_type',
    'domain_name_configuration.ownership_verification_certificate_arn',
    'domain_name_configuration.security_policy',
  ],
  aws_apigatewayv2_integration: ['integration_method'],
  aws_apigatewayv2_route: ['operation_name'],
  aws_apigatewayv2_stage: [
    'auto_deploy',
    'client_certificate_id',
    ...ofRouteSettings.flatMap((name) => [`default_route_settings.${name}`, `route_settings.${name}`]),
  ],
  // On one machine there is no TLS, and one place of the edge.
  aws_cloudfront_cache_policy: [
    'comment',
    'name',
    'parameters_in_cache_key_and_forwarded_to_origin.enable_accept_encoding_brotli',
    'parameters_in_cache_key_and_forwarded_to_origin.enable_accept_encoding_gzip',
  ],
  aws_cloudfront_distribution: [
    'comment',
    'default_cache_behavior.viewer_protocol_policy',
    'http_version',
    'is_ipv6_enabled',
    'ordered_cache_behavior.viewer_protocol_policy',
    'origin.custom_origin_config.http_port',
    'origin.custom_origin_config.https_port',
    'origin.custom_origin_config.origin_keepalive_timeout',
    'origin.custom_origin_config.origin_protocol_policy',
    'origin.custom_origin_config.origin_ssl_protocols',
    'price_class',
    'retain_on_delete',
    'viewer_certificate',
    'wait_for_deployment',
  ],
  aws_cloudwatch_composite_alarm: ['alarm_description'],
  aws_cloudwatch_metric_alarm: ['alarm_description', 'metric_query.label'],
  aws_cloudwatch_log_group: ['deletion_protection_enabled', 'kms_key_id', 'log_group_class', 'skip_destroy'],
  aws_dynamodb_table: [
    'billing_mode',
    'deletion_protection_enabled',
    'global_secondary_index.on_demand_throughput',
    'global_secondary_index.read_capacity',
    'global_secondary_index.warm_throughput',
    'global_secondary_index.write_capacity',
    'global_table_witness',
    'on_demand_throughput',
    'point_in_time_recovery',
    'read_capacity',
    'replica.deletion_protection_enabled',
    'replica.kms_key_arn',
    'replica.point_in_time_recovery',
    'replica.propagate_tags',
    'restore_date_time',
    'restore_to_latest_time',
    'server_side_encryption',
    'table_class',
    'warm_throughput',
    'write_capacity',
  ],
  aws_iam_role: ['assume_role_policy', 'force_detach_policies', 'inline_policy.name', 'max_session_duration'],
  aws_iam_role_policy: ['name', 'name_prefix'],
  aws_lambda_function: [
    'architectures',
    'code_signing_config_arn',
    'ephemeral_storage',
    'kms_key_arn',
    'replace_security_groups_on_destroy',
    'replacement_security_group_ids',
    's3_object_version',
    'skip_destroy',
    'snap_start',
    'source_kms_key_arn',
    'tracing_config',
  ],
  aws_route53_health_check: ['enable_sni', 'measure_latency', 'regions', 'triggers'],
  // A failed region fails its health check.
  aws_route53_record: ['alias.evaluate_target_health', 'alias.zone_id', 'allow_overwrite', 'zone_id'],
  aws_s3_bucket: ['force_destroy', 'server_side_encryption_configuration'],
  aws_s3_bucket_object: ofPackages,
  // Nothing is encrypted here, so there is nothing that a rule would leave out for it.
  aws_s3_bucket_replication_configuration: [
    'rule.destination.encryption_configuration',
    'rule.source_selection_criteria.sse_kms_encrypted_objects',
  ],
  aws_s3_bucket_versioning: ['expected_bucket_owner', 'mfa', 'versioning_configuration.mfa_delete'],
  aws_s3_object: [...ofPackages, 'checksum_algorithm', 'override_provider'],
  // What a deploy leaves for later deploys, which are none here.
  aws_ssm_parameter: [
    'allowed_pattern',
    'arn',
    'data_type',
    'insecure_value',
    'key_id',
    'name',
    'overwrite',
    'tier',
    'type',
    'value',
    'value_wo',
    'value_wo_version',
  ],
};

/**
 * The verdict on an argument, `memory_size`, or on one of a block that is read, `settings.caching_enabled`.
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

/** What AWS does where the argument isn't set. Source: the provider's documentation of each type. */
const usual: Readonly<Record<string, Json>> = {
  api_key_selection_expression: '$request.header.x-api-key',
  api_key_source: 'HEADER',
  connection_type: 'INTERNET',
  'logging_config.log_format': 'Text',
  minimum_compression_size: '-1',
  package_type: 'Zip',
  passthrough_behavior: 'WHEN_NO_MATCH',
  'replica.consistency_mode': 'EVENTUAL',
  route_selection_expression: '$request.method $request.path',
};

/** Whether an argument is set to what AWS does without it: false, nothing, an endpoint that is open to all. */
export function isUsual(argument: string, value: Json): boolean {
  if (value === false || value === '' || value === null) return true;
  if (Array.isArray(value) && value.length === 0) return true;
  // Private APIs are closed to whoever is not in a network; so they are listed.
  if (argument === 'endpoint_configuration') return !/"PRIVATE"/.test(JSON.stringify(value));
  return Object.hasOwn(usual, argument) && usual[argument] === value;
}
