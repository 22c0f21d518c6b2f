import { createHash } from 'node:crypto';
import { HEARTBEAT } from '#functions/environment.ts';
import type { RegionContext, StageContext } from './context.ts';
import { STATE_REPLICA_SUFFIX } from './settings/bucket-name.ts';

/** `<app>-<stage>`: what every name of the stage starts with. */
export function prefix({ settings, stage }: StageContext): string {
  return `${settings.appName}-${stage}`;
}

/** Physical name of a global table; the same in both regions, as DynamoDB asks of replicas. */
export function tableName(context: StageContext, table: string): string {
  return `${prefix(context)}-${table}`;
}

/** Functions are regional, so both regions use one name. */
export function functionName(context: StageContext, name: string): string {
  return `${prefix(context)}-${name}`;
}

/** IAM is global, so the region's type is part of the name. */
export function roleName(context: RegionContext, name: string): string {
  return `${prefix(context)}-${name}-${context.regionType}`;
}

/** IAM's limit. Source: IAM User Guide, "IAM and AWS STS quotas". */
const ROLE_NAME_MAX = 64;

/** Of the hash in the name of a function's role: constructs/api-function.ts. */
const ROLE_HASH_DIGITS = 8;

/**
 * Role of one function for one set of permissions; a name that would be too long loses the end of the function's name, as the hash alone tells
 * roles apart.
 *
 * @param hash - of function and permissions
 */
export function functionRoleName(context: RegionContext, name: string, hash: string): string {
  const rest = `-${hash}-${context.regionType}`;
  return `${`${prefix(context)}-${name}`.slice(0, ROLE_NAME_MAX - rest.length)}${rest}`;
}

/** Every role of one function that {@link functionRoleName} may give, in both regions, as a pattern of IAM. */
export function functionRolePattern(context: StageContext, name: string): string {
  const shortest = ROLE_NAME_MAX - `-${'?'.repeat(ROLE_HASH_DIGITS)}-secondary`.length;
  const whole = `${prefix(context)}-${name}`;
  return whole.length > shortest ? `${whole.slice(0, shortest)}*` : `${whole}-*`;
}

/** Bucket names are global: the account's number keeps two teams with the same settings apart. */
export function bucketName(context: RegionContext, name: string, accountId: string): string {
  return `${prefix(context)}-${name}-${context.region}-${accountId}`;
}

/** Of a region's buckets, the one with the objects that functions read and write. */
export const DATA_BUCKET = 'data';

/** Rule by which S3 copies the objects of a data bucket; the same in both regions. */
export const OBJECT_RULE = 'objects-to-other-region';

/** Of a region's buckets, the one in which it says whether traffic keeps away from the other region. */
export const ROUTE_BUCKET = 'route';

/** Alias of a region's key for its copies of the tables. */
export function tableKeyAlias(context: StageContext): string {
  return `${prefix(context)}-tables`;
}

/** Alias of a region's key for everything else: buckets, logs, variables of functions, parameters. */
export function regionKeyAlias(context: StageContext): string {
  return `${prefix(context)}-region`;
}

/** Function that holds traffic where a failover has brought it, with its schedule and alarm. The region that stands by alone has it. */
export const ROUTE_LATCH = 'route-latch';

/** Function that looks whether the other region is ill; where both are active, both have it. */
export const REGION_WATCH = 'region-watch';

/** Function that takes the contract's journeys as a client would. */
export const JOURNEYS = 'journeys';

/** Alarms on runs of `two-region readiness`, of the last one's findings and of silence: the secondary region alone has them. */
export const READINESS_ALARMS = { failed: 'readiness', silence: 'readiness-silence' } as const;

/** What the region that stands by alone has, on purpose: traffic has nowhere to go to from there. */
export const STANDBY_ONLY: readonly string[] = [ROUTE_LATCH, REGION_WATCH];

/** Functions that EventBridge invokes: no operation's, and of no release. */
export const SCHEDULED_FUNCTIONS: readonly string[] = [...STANDBY_ONLY, HEARTBEAT, JOURNEYS];

/** Topic of a region's alarms. */
export function alarmTopicName(context: StageContext): string {
  return `${prefix(context)}-alarms`;
}

/** Topic of the alarms on Route 53's health checks, whose metrics are in one region of the partition. */
export function healthTopicName(context: StageContext): string {
  return `${prefix(context)}-health`;
}

/**
 * Alarm that says whether something is sick in a region: an environment, or `data`. Equal in both regions, as what it watches is.
 */
export function sickAlarmName(context: StageContext, what: string): string {
  return `${prefix(context)}-${what}-sick`;
}

/** The container API, in names of what belongs to it. */
export const CONTAINER = 'container';

/** Service, cluster, task definition, repository and deployment group of the container API; all are regional, so both regions use one name. */
export function containerName(context: StageContext): string {
  return `${prefix(context)}-${CONTAINER}`;
}

/** What the names of ECS's log groups start with. */
export const CONTAINER_LOGS = '/aws/ecs/';

/** Where tasks of the container API log. */
export function containerLogGroup(context: StageContext): string {
  return `${CONTAINER_LOGS}${containerName(context)}`;
}

/** Of the buckets of a region with the container API, the one with its load balancer's access logs. */
export const BALANCER_LOGS_BUCKET = 'alb-logs';

/** Source: Elastic Load Balancing API Reference, "CreateLoadBalancer" and "CreateTargetGroup", Name. */
const BALANCER_NAME_MAX = 32;

/** A load balancer or target group; of a name that would be too long a hash of it is the end. */
export function balancerName(context: StageContext, what: string): string {
  const name = `${prefix(context)}-${what}`;
  if (name.length <= BALANCER_NAME_MAX) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, BALANCER_NAME_MAX - 9).replace(/-$/, '')}-${hash}`;
}

/** Alarm that says that journeys fail at a name, as a region finds it. @param at - AWS region whose own names they are, or `public` */
export function journeysSickName(context: StageContext, at: string): string {
  return sickAlarmName(context, `${JOURNEYS}-${at}`);
}

/** Where a region's web ACL logs what it blocks. WAF writes to groups of this beginning only (AWS WAF Developer Guide, "CloudWatch Logs"). */
export function wafLogGroup(context: StageContext): string {
  return `aws-waf-logs-${prefix(context)}`;
}

/** The same of the container API's own, which it has where the region's web ACL wants what the edge sends along. */
export function containerWafLogGroup(context: StageContext): string {
  return `${wafLogGroup(context)}-${CONTAINER}`;
}

/** The same of the edge's, in us-east-1, which may be one of the regions. */
export function edgeWafLogGroup(context: StageContext): string {
  return `${wafLogGroup(context)}-edge`;
}

/** What the names of the edge's access log groups start with. */
export const EDGE_ACCESS_LOGS = '/aws/vendedlogs/cloudfront/';

/**
 * Where the edge logs its requests. Of groups under this prefix one statement of the account's log policy lets the service write to all.
 *
 * Source: Amazon CloudFront Developer Guide, "Standard logging (v2)"; Amazon CloudWatch Logs User Guide, "Enable logging from AWS services".
 */
export function edgeAccessLogGroup(context: StageContext, what: string): string {
  return `${EDGE_ACCESS_LOGS}${prefix(context)}-${what}`;
}

/** What the names of REST APIs' access log groups start with. */
export const REST_ACCESS_LOGS = '/aws/apigateway/';

/**
 * What the names of HTTP APIs' access log groups start with. Their logs are delivered for the service, and of groups under this prefix one
 * statement of the account's log policy lets it write to all; each other group would need one, and the policy holds 5120 characters.
 *
 * Source: Amazon CloudWatch Logs User Guide, "Enable logging from AWS services", log group resource policy size limit.
 */
export const HTTP_ACCESS_LOGS = '/aws/vendedlogs/apigateway/';

/** Where a gateway stage of the REST API logs its requests. */
export function restAccessLogGroup(context: StageContext, environment: string): string {
  return `${REST_ACCESS_LOGS}${prefix(context)}-${environment}-rest`;
}

/** Likewise of the HTTP API. */
export function httpAccessLogGroup(context: StageContext, environment: string): string {
  return `${HTTP_ACCESS_LOGS}${prefix(context)}-${environment}-http`;
}

/** Where a function logs. Source: AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs". */
export function functionLogGroup(context: StageContext, name: string): string {
  return `/aws/lambda/${functionName(context, name)}`;
}

/**
 * What the names of REST APIs' execution log groups start with; the API's id, a slash and the gateway stage follow.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway".
 */
export const EXECUTION_LOGS = 'API-Gateway-Execution-Logs_';

/** Description of an alias whose version stays until it is told to move. Who reads what is live tells pinned functions by it. */
export const PINNED = 'pinned';

/** `/APP_NAME/stage`: what the names of everything in SSM Parameter Store start with. */
export function prefixPath({ settings, stage }: StageContext): string {
  return `/${settings.appName}/${stage}`;
}

/** `/APP_NAME/stage/name`: where a parameter lives in SSM Parameter Store. */
export function parameterPath(context: StageContext, name: string): string {
  return `${prefixPath(context)}/${name}`;
}

/** Bucket of the stage's Terraform state, in the primary region. */
export function stateBucketName({ settings, stage }: StageContext): string {
  return `${settings.stateBucketPrefix}-${stage}`;
}

/** Bucket in the secondary region that S3 copies the state to. */
export function stateReplicaName(context: StageContext): string {
  return `${stateBucketName(context)}${STATE_REPLICA_SUFFIX}`;
}

/** Role that S3 copies the state with. */
export function stateReplicationRoleName(context: StageContext): string {
  return `${prefix(context)}-state-replication`;
}

/** Table of the stage's Terraform state locks; tables are regional, so both regions use one name. */
export function lockTableName({ settings, stage }: StageContext): string {
  return `${settings.lockTablePrefix}-${stage}`;
}

/** The pipeline of the APIs, in names of what belongs to it. */
export const PIPELINE = 'pipeline';

/** Pipeline, key of its artifacts, and what the names of its projects and rules start with. */
export function pipelineName(context: StageContext): string {
  return `${prefix(context)}-${PIPELINE}`;
}

/** What the names of CodeBuild's log groups start with. */
export const BUILD_LOGS = '/aws/codebuild/';

/** Role of the account that API Gateway logs with where it has none: named after the project, as it belongs to no stage. */
export function gatewayLoggingRoleName({ settings }: StageContext): string {
  return `${settings.appName}-gateway-logging`;
}
