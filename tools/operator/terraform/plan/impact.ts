import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { PlannedChange } from './planned-change.ts';

/** What a change would do beyond its own resource. `data`: data is lost. `live`: requests to the public names notice it, or may. */
export type Impact = 'data' | 'live';

/** What holds data that no apply brings back, and what nobody could read it without. */
const STATEFUL: ReadonlySet<string> = new Set(['aws_dynamodb_table', 'aws_kms_key', 'aws_s3_bucket']);

/** What stands between a client and the target, whichever stack holds it. */
const WAY_IN: ReadonlySet<string> = new Set([
  'aws_acm_certificate',
  'aws_api_gateway_api_key',
  'aws_api_gateway_base_path_mapping',
  'aws_api_gateway_domain_name',
  'aws_api_gateway_usage_plan',
  'aws_api_gateway_usage_plan_key',
  'aws_apigatewayv2_api_mapping',
  'aws_apigatewayv2_domain_name',
  'aws_cloudfront_distribution',
  'aws_route53_health_check',
  'aws_route53_record',
]);

/**
 * What every environment shares and no deployment takes a snapshot of: an HTTP API's CORS, who may assume a role. Permissions are not among
 * them: another set of them is another role, and a function or role that goes is one that no environment's record names, or the guard of
 * its stack stops the plan.
 */
const SHARED: ReadonlySet<string> = new Set(['aws_api_gateway_rest_api', 'aws_apigatewayv2_api', 'aws_iam_role']);
/** What takes every environment with it when it is made anew. */
const SHARED_WHOLE: ReadonlySet<string> = new Set([
  'aws_api_gateway_rest_api',
  'aws_apigatewayv2_api',
  'aws_lambda_function',
]);

const LABELS: ReadonlySet<string> = new Set(['tags', 'tags_all', 'description']);

/**
 * The impact of a change.
 *
 * @param live - environment that receives live traffic; `undefined` before the first deploy, when nothing is live
 */
export function impactOf(
  { type, action, attributes, isTainted }: PlannedChange,
  { kind }: Pick<SynthesizedStack, 'kind'>,
  live: string | undefined,
): Impact | undefined {
  // What needs a key is made after it: nothing was ever encrypted with one that was not made whole.
  const isUnusedKey = type === 'aws_kms_key' && isTainted === true;
  const removes = (action === 'replace' && !isUnusedKey) || action === 'destroy';
  if ((removes && STATEFUL.has(type)) || takesCopy({ type, action, attributes })) return 'data';
  if (live === undefined || action === 'add') return undefined;
  if (action === 'change' && attributes.every((name) => LABELS.has(name))) return undefined;
  const inLiveEnvironment = kind === live;
  const onTheWay = WAY_IN.has(type) && ['certificates', 'edge', 'entry', 'routing'].includes(kind);
  const shared = kind === 'api' && ((action === 'change' && SHARED.has(type)) || takesAll({ type, action }));
  return inLiveEnvironment || onTheWay || shared ? 'live' : undefined;
}

/**
 * Whether a table would lose its copy in the other region for a while, or for good: of a copy that gets another key, or another region, the provider
 * deletes the old one and adds a new one.
 *
 * Source: hashicorp/terraform-provider-aws, internal/service/dynamodb/table.go, updateReplica, and its pull request 29102.
 */
export function takesCopy({
  type,
  action,
  attributes,
}: Pick<PlannedChange, 'action' | 'attributes' | 'type'>): boolean {
  return type === 'aws_dynamodb_table' && action === 'change' && attributes.includes('replica');
}

/** Changes that would take away what every environment runs on: nothing could be kept beside them. */
export function takenAway(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  return changes.filter(takesAll);
}

function takesAll({ type, action }: Pick<PlannedChange, 'action' | 'type'>): boolean {
  if (action === 'replace') return SHARED_WHOLE.has(type);
  return action === 'destroy' && SHARED_WHOLE.has(type) && type !== 'aws_lambda_function';
}

/** Changes that would lose data. */
export function dataLosses(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  return changes.filter((change) => impactOf(change, { kind: '' }, undefined) === 'data');
}
