import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

type Block = Record<string, unknown>;

/** moto knows most services, ministack fewer, but tables with replicas, deployments of HTTP APIs, and functions that run. */
export const emulatorSchema = z._default(z.enum(['moto', 'ministack']), 'moto');
type Emulator = z.infer<typeof emulatorSchema>;

/** What an emulator can't do, or another has shown, and what the test applies instead. Nothing else is changed, and every use is printed. */
interface Transformation {
  readonly type: string;
  readonly why: Partial<Readonly<Record<Emulator, string>>>;
  /** Why it is left out of a stage that is not the first one which the tests deploy (`DEPLOYED_BEFORE`). @default - it is applied there, too */
  readonly before?: string;
  /** Attribute or block that is left out of the resource. @default - the resource itself is left out */
  readonly attribute?: string;
}

const NO_DOCUMENTATION = 'moto answers 404 to everything about documentation';
const NO_DOCUMENTATION_VERSION = 'ministack answers 404 to CreateDocumentationVersion';
const NO_V2_DEPLOYMENT = 'moto answers 404 to CreateDeployment of an HTTP API';

const TRANSFORMATIONS: readonly Transformation[] = [
  { type: 'aws_dynamodb_table', attribute: 'replica', why: { moto: 'moto never finishes a table replica' } },
  {
    type: 'aws_s3_bucket_lifecycle_configuration',
    why: { ministack: 'moto applies it, and the provider waits a minute for each' },
    before: 'another stage has it, and the provider waits a minute for each',
  },
  { type: 'aws_api_gateway_documentation_part', why: { moto: NO_DOCUMENTATION } },
  {
    type: 'aws_api_gateway_documentation_version',
    why: { moto: NO_DOCUMENTATION, ministack: NO_DOCUMENTATION_VERSION },
  },
  {
    type: 'aws_api_gateway_stage',
    attribute: 'documentation_version',
    why: { moto: NO_DOCUMENTATION, ministack: NO_DOCUMENTATION_VERSION },
  },
  { type: 'aws_apigatewayv2_deployment', why: { moto: NO_V2_DEPLOYMENT } },
  { type: 'aws_apigatewayv2_stage', attribute: 'deployment_id', why: { moto: NO_V2_DEPLOYMENT } },
  { type: 'aws_lambda_function', attribute: 'kms_key_arn', why: { moto: 'moto forgets the key of variables' } },
  { type: 'aws_cloudwatch_query_definition', why: { moto: 'moto has no PutQueryDefinition' } },
  {
    type: 'aws_wafv2_web_acl_logging_configuration',
    why: { ministack: 'ministack knows no PutLoggingConfiguration of WAF' },
  },
];

/**
 * Rewrites a synthesized stack to what an emulator can apply.
 *
 * @param folder - the stack's folder in `cdktf.out`
 * @returns one line per change: how many, of what, why
 */
export function transformFor(emulator: Emulator, folder: string): string[] {
  const file = join(folder, 'cdk.tf.json');
  const stack: { resource?: Record<string, Record<string, Block>> } = JSON.parse(readFileSync(file, 'utf8'));
  const resources = stack.resource ?? {};
  const lines: string[] = [];
  for (const { type, attribute, why, before } of TRANSFORMATIONS) {
    const reason = why[emulator] ?? (process.env.DEPLOYED_BEFORE === 'true' ? before : undefined);
    if (reason === undefined) continue;
    const affected = Object.values(resources[type] ?? {}).filter((resource) =>
      attribute === undefined ? true : attribute in resource,
    );
    if (affected.length === 0) continue;
    if (attribute === undefined) delete resources[type];
    else for (const resource of affected) delete resource[attribute];
    lines.push(`${affected.length} × ${type}${attribute === undefined ? '' : `.${attribute}`} left out: ${reason}`);
  }
  if (lines.length > 0) writeFileSync(file, JSON.stringify(stack, null, 2));
  return lines;
}

/** What the account itself is helped with; see DomainStatusProxy. */
export const DOMAIN_STATUS =
  'aws_apigatewayv2_domain_name is applied, with attributes that moto leaves out (domainNameStatus …) sent along';

/** See BucketPolicies. */
export const BUCKET_POLICIES =
  'bucket policies are written and read, and not enforced: moto takes a condition that it is given no value for as met';

/** See CompositeAlarms. */
export const COMPOSITE_ALARMS =
  'aws_cloudwatch_composite_alarm is applied and planned, and kept beside moto, which has no PutCompositeAlarm: nothing evaluates it';

/** See CodeDeploy. */
export const CODE_DEPLOY =
  'aws_codedeploy_app and aws_codedeploy_deployment_group are applied and planned, and kept beside moto, whose CodeDeploy gives times as text: nothing is deployed by them';

/** See EcsServices. */
export const ECS_SERVICES =
  'what moto forgets of an aws_ecs_service (grace period, balance of zones) is told as it was made';

/** See BucketReplications. */
export const BUCKET_REPLICATIONS =
  'aws_s3_bucket_replication_configuration is applied and planned, and kept beside moto, which forgets delete markers and replicas: nothing is copied';

/** See ApiMappingUpdates. */
export const API_MAPPING_UPDATES =
  'aws_apigatewayv2_api_mapping is updated by another mapping in the place of the old one: moto has no UpdateApiMapping';

/** What the test of the state's second copy does in the place of S3. */
export const REPLICATION =
  "objects are not replicated: the test copies the states to the second region's bucket itself";

/** What the test of the edge does not apply. */
export const EDGE_ON_MOTO = {
  types: [
    'aws_cloudwatch_log_delivery',
    'aws_cloudwatch_log_delivery_destination',
    'aws_cloudwatch_log_delivery_source',
  ],
  why: 'cache policies and access logs of the edge are planned and not applied: moto answers 404 to cache policies, and delivers no logs of CloudFront',
  forgotten: {
    // A block with its attributes.
    names: [
      ...['forwarded_values', 'headers', 'query_string', 'query_string_cache_keys', 'cookies', 'forward'],
      ...['whitelisted_names', 'cloudfront_default_certificate'],
    ],
    why: 'distributions come back with forwarded_values beside their policies, and with the default certificate beside their own',
  },
} as const;
