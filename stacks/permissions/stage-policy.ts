import { ROUTE_KEY } from '#contract/route-document.ts';
import { hasOwnKeys, type StageContext } from '#stacks/context.ts';
import {
  BUILD_LOGS,
  CONTAINER_LOGS,
  containerName,
  containerWafLogGroup,
  EDGE_ACCESS_LOGS,
  EXECUTION_LOGS,
  edgeWafLogGroup,
  gatewayLoggingRoleName,
  HTTP_ACCESS_LOGS,
  lockTableName,
  parameterPath,
  prefix,
  REST_ACCESS_LOGS,
  ROUTE_BUCKET,
  stateBucketName,
  stateReplicaName,
  stateReplicationRoleName,
  wafLogGroup,
} from '#stacks/naming.ts';
import { EDGE_REGION, partitionOf } from '#stacks/settings/partitions.ts';
import type { Encrypted } from '#stacks/settings/settings.ts';
import {
  CANARY_RIGHTS,
  COMMAND_RIGHTS,
  DRILL_RIGHTS,
  OWN_KEY_RIGHTS,
  REPLAY_RIGHTS,
  SWITCH_RIGHTS,
  TERRAFORM_RIGHTS,
} from './command-rights.ts';
import { CONTAINER_COMMAND_RIGHTS, CONTAINER_RIGHTS } from './container-rights.ts';
import { drilledRoles } from './drilled-roles.ts';
import { PIPELINE_RIGHTS } from './pipeline-rights.ts';
import { RESOURCE_RIGHTS, type Rights, type Scope } from './resource-rights.ts';

/**
 * Services that make a role of their own in an account when they are first used as the stacks use them. They make it with the rights of whoever
 * uses them first; six replicas at once would each try.
 *
 * Source: Amazon DynamoDB Developer Guide, "Using service-linked roles with global tables"; Amazon API Gateway Developer Guide, "Using
 * service-linked roles for API Gateway" (custom domain names).
 */
export const SERVICES_WITH_ROLES = ['replication.dynamodb.amazonaws.com', 'ops.apigateway.amazonaws.com'] as const;

/**
 * Who gets a policy: a pipeline that deploys, one that only moves the target, the same with canaries, one that replays requests, one that drills, or one that says what a
 * change would do.
 */
export type Task = 'canaries' | 'deploys' | 'drills' | 'plans' | 'replays' | 'switches';

/** An identity policy as IAM takes it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * The least that a task needs in a stage's account.
 *
 * @param resourceTypes - of the resources that the stage's stacks declare
 * @param account - twelve digits. @default '*', any
 * @throws Error for a type of which nobody has said what it needs
 */
export function stagePolicy(
  context: StageContext,
  task: Task,
  resourceTypes: readonly string[],
  account = '*',
): PolicyDocument {
  const moving = context.settings.container.isActive ? [SWITCH_RIGHTS, CONTAINER_COMMAND_RIGHTS] : [SWITCH_RIGHTS];
  const all = () => [TERRAFORM_RIGHTS, COMMAND_RIGHTS, ...moving.slice(1), ...rightsOf(resourceTypes)];
  const opens = opensBy(context);
  const rights = {
    canaries: () => [TERRAFORM_RIGHTS, ...moving, CANARY_RIGHTS, opens(['tables', 'parameters'])],
    deploys: () => [...all(), ...(hasOwnKeys(context) ? [OWN_KEY_RIGHTS] : [])],
    drills: () => [TERRAFORM_RIGHTS, DRILL_RIGHTS, opens(['tables', 'parameters'])],
    // Of an object a plan reads what it is, which no key is asked for; of a parameter the value.
    plans: () => [...all(), opens(['parameters'])],
    replays: () => [REPLAY_RIGHTS, opens(['parameters'])],
    switches: () => [TERRAFORM_RIGHTS, ...moving, opens(['tables', 'parameters'])],
  }[task]();
  const actions = new Map<Scope, Set<string>>();
  for (const right of rights) {
    for (const [scope, all] of entries(right)) {
      const names = task === 'plans' ? all.filter((action) => ofPlans(scope, action)) : all;
      if (names.length > 0) actions.set(scope, new Set([...(actions.get(scope) ?? []), ...names]));
    }
  }
  const resources = resourcesOf(context, account);
  // What a stage has nothing of needs no right: load balancers without the container API.
  const named = [...actions].sort().filter(([scope]) => resources[scope].length > 0);
  const Statement = named.map(([scope, names]): PolicyStatement => {
    const Sid = `${scope.charAt(0).toUpperCase()}${scope.slice(1)}`;
    return {
      Sid,
      Effect: 'Allow',
      Action: [...names].sort(),
      Resource: resources[scope],
      // A key has a name only by its alias.
      ...(scope === 'ownKey' && {
        Condition: { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': [`alias/${prefix(context)}-*`] } },
      }),
    };
  });
  return { Version: '2012-10-17', Statement };
}

/** A plan reads what things are, and no items of tables; packages' objects by HeadObject, whose right is GetObject. The states it reads, and locks. */
function ofPlans(scope: Scope, action: string): boolean {
  if (scope === 'ownKey') return true;
  if (scope === 'stateLock') return TERRAFORM_RIGHTS.stateLock?.includes(action) ?? false;
  return action !== 'dynamodb:GetItem' && /^(?:apigateway:GET|\w+:(?:Get|List|Describe)\w*)$/.test(action);
}

/** What opens what is encrypted with a stage's own keys, where it is something that a task reads. */
function opensBy({ settings }: StageContext): (read: readonly Encrypted[]) => Rights {
  return (read) => (read.some((kind) => settings.ownKeys.includes(kind)) ? { ownKey: ['kms:Decrypt'] } : {});
}

function rightsOf(resourceTypes: readonly string[]): readonly Rights[] {
  return [...new Set(resourceTypes)].map((type) => {
    const known = { ...CONTAINER_RIGHTS, ...PIPELINE_RIGHTS, ...RESOURCE_RIGHTS };
    const rights = Object.hasOwn(known, type) ? known[type] : undefined;
    if (rights === undefined)
      throw new Error(`What ${type} needs is not said: add it to permissions/resource-rights.ts.`);
    return rights;
  });
}

function entries(rights: Rights): readonly (readonly [Scope, readonly string[]])[] {
  const scopes: readonly Scope[] = [
    ...(['alarm', 'any', 'bucket', 'buildLog', 'call', 'certificate', 'container', 'dashboard', 'domain'] as const),
    ...(['drilledRole', 'edge', 'function', 'gateway'] as const),
    ...(['healthCheck', 'key', 'logGroup', 'managedRules'] as const),
    ...([
      'ownKey',
      'parameter',
      'pipeline',
      'policy',
      'record',
      'role',
      'route',
      'samplingRule',
      'schedule',
      'serviceRole',
      'sharedRole',
      'state',
      'stateLock',
      'table',
      'topic',
      'webAcl',
    ] as const),
  ];
  return scopes.flatMap((scope) => {
    const names = rights[scope];
    return names === undefined ? [] : [[scope, names] as const];
  });
}

/** ARNs of what a scope names in both regions. Source: Service Authorization Reference. */
function resourcesOf(context: StageContext, account: string): Readonly<Record<Scope, readonly string[]>> {
  const { primaryRegion, secondaryRegion } = context.settings;
  const arn = `arn:${partitionOf(primaryRegion)}`;
  const own = prefix(context);
  const inBoth = (name: (region: string) => string) => [primaryRegion, secondaryRegion].map(name);
  const role = (name: string) => `${arn}:iam::${account}:role/${name}`;
  const states = [stateBucketName(context), stateReplicaName(context)].map((bucket) => `${arn}:s3:::${bucket}`);
  const hasEdge = context.settings.edge.state !== 'none';
  const { isActive: hasContainer } = context.settings.container;
  const groups = [
    '/aws/lambda/',
    REST_ACCESS_LOGS,
    HTTP_ACCESS_LOGS,
    ...(hasContainer ? [CONTAINER_LOGS] : []),
    ...(hasEdge ? [EDGE_ACCESS_LOGS] : []),
  ];
  const hasOwnAcl = hasEdge && hasContainer;
  const wafGroups = [
    wafLogGroup(context),
    ...(hasEdge ? [edgeWafLogGroup(context)] : []),
    ...(hasOwnAcl ? [containerWafLogGroup(context)] : []),
  ];
  const acls = [own, ...(hasOwnAcl ? [containerName(context)] : [])];
  const atEdge = (name: string) => (hasEdge ? [`${arn}:wafv2:${EDGE_REGION}:${account}:global/${name}`] : []);
  return {
    buildLog: [`${arn}:logs:*:${account}:log-group:${BUILD_LOGS}${own}-*`],
    // Those on Route 53's checks are in a region of their own.
    alarm: [`${arn}:cloudwatch:*:${account}:alarm:${own}-*`],
    any: ['*'],
    bucket: [`${arn}:s3:::${own}-*`],
    // Which API it is has no name before it is made; who may call a route of it, its own policy and the routes say.
    call: inBoth((region) => `${arn}:execute-api:${region}:${account}:*`),
    certificate: inBoth((region) => `${arn}:acm:${region}:${account}:certificate/*`),
    // Load balancers and target groups have names of at most 32 characters: the end of a longer one is a hash.
    container: (hasContainer ? [primaryRegion, secondaryRegion] : []).flatMap((region) => [
      ...['cluster', 'service', 'task-definition', 'task-set'].map(
        (kind) => `${arn}:ecs:${region}:${account}:${kind}/${own}-*`,
      ),
      `${arn}:ecr:${region}:${account}:repository/${own}-*`,
      ...['application', 'deploymentgroup'].map((kind) => `${arn}:codedeploy:${region}:${account}:${kind}:${own}-*`),
      `${arn}:codedeploy:${region}:${account}:deploymentconfig:CodeDeployDefault.*`,
      ...['loadbalancer/app', 'listener/app', 'targetgroup'].map(
        (kind) => `${arn}:elasticloadbalancing:${region}:${account}:${kind}/${own.slice(0, 23)}*`,
      ),
    ]),
    dashboard: [own, ...(hasContainer ? [containerName(context)] : [])].map(
      (name) => `${arn}:cloudwatch::${account}:dashboard/${name}`,
    ),
    // Distributions have no names of ours.
    edge: [`${arn}:cloudfront::${account}:distribution/*`, `${arn}:cloudfront::${account}:cache-policy/*`],
    domain: inBoth((region) => `${arn}:apigateway:${region}::/domainnames/*`),
    drilledRole: drilledRoles(context).map(role),
    function: inBoth((region) => `${arn}:lambda:${region}:${account}:function:${own}-*`),
    gateway: inBoth((region) => `${arn}:apigateway:${region}::/*`),
    healthCheck: [`${arn}:route53:::healthcheck/*`],
    // A key has a name only by its alias.
    key: [`${arn}:kms:*:${account}:key/*`, `${arn}:kms:*:${account}:alias/${own}-*`],
    logGroup: [...groups.map((group) => `${group}${own}-*`), `${EXECUTION_LOGS}*`, ...wafGroups].map(
      (name) => `${arn}:logs:*:${account}:log-group:${name}`,
    ),
    managedRules: [
      ...inBoth((region) => `${arn}:wafv2:${region}:${account}:regional/managedruleset/*`),
      ...atEdge('managedruleset/*'),
    ],
    ownKey: inBoth((region) => `${arn}:kms:${region}:${account}:key/*`),
    parameter: inBoth((region) => `${arn}:ssm:${region}:${account}:parameter${parameterPath(context, '*')}`).flatMap(
      // Reading by path is asked of the path itself.
      (each) => [each, each.replace(/\/\*$/, '')],
    ),
    pipeline: inBoth((region) => `${arn}:codepipeline:${region}:${account}:${own}-*`).concat(
      inBoth((region) => `${arn}:codebuild:${region}:${account}:project/${own}-*`),
    ),
    policy: [`${arn}:iam::${account}:policy/${own}-*`],
    record: [`${arn}:route53:::hostedzone/*`],
    role: [role(`${own}-*`)],
    route: inBoth((region) => `${arn}:s3:::${own}-${ROUTE_BUCKET}-${region}-${account}/${ROUTE_KEY}`),
    // A long name is cut: constructs/watch/trace-sampling.ts.
    samplingRule: inBoth((region) => `${arn}:xray:${region}:${account}:sampling-rule/${own.slice(0, 12)}*`),
    schedule: inBoth((region) => `${arn}:events:${region}:${account}:rule/${own}-*`),
    serviceRole: SERVICES_WITH_ROLES.map((service) => role(`aws-service-role/${service}/*`)),
    sharedRole: [role(gatewayLoggingRoleName(context)), role(stateReplicationRoleName(context))],
    state: states.flatMap((bucket) => [bucket, `${bucket}/*`]),
    stateLock: inBoth((region) => `${arn}:dynamodb:${region}:${account}:table/${lockTableName(context)}`),
    table: inBoth((region) => `${arn}:dynamodb:${region}:${account}:table/${own}-*`),
    topic: [`${arn}:sns:*:${account}:${own}-*`],
    webAcl: [
      ...acls.flatMap((acl) => inBoth((region) => `${arn}:wafv2:${region}:${account}:regional/webacl/${acl}/*`)),
      ...atEdge(`webacl/${own}-edge/*`),
    ],
  };
}
