import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { CachedResponses } from '#constructs/edge/cached-responses.ts';
import { type EdgeBehavior, EdgeDistribution } from '#constructs/edge/edge-distribution.ts';
import { EdgeLog } from '#constructs/edge/edge-log.ts';
import { WebAcl } from '#constructs/web-acl.ts';
import { EDGE_HEADER, edgePattern, originName } from '#contract/edge-pattern.ts';
import { HEALTH_ROUTES } from '#contract/health-routes.ts';
import { fieldsOf } from '#contract/json-schema.ts';
import type { Operation } from '#contract/operation.ts';
import { otherRegion, type RegionType, type StageContext } from './context.ts';
import type { Entry, ServedName } from './entry.ts';
import { edgeAccessLogGroup, edgeWafLogGroup, prefix } from './naming.ts';
import { EDGE_REGION } from './settings/partitions.ts';
import { edgeSecrets, stageParameter } from './stage-parameter.ts';
import { addProvider, createStack } from './stage-stack.ts';

/** What the `edge` stack offers to routing: what the public names lead to. */
export interface Edge {
  readonly rest: ServedName['target'];
  readonly http: ServedName['target'];
}

/**
 * `<stage>-edge`: CloudFront before both public names, with a web ACL that stands before the HTTP API, too. It reads the entries, and nothing of what moves:
 * neither a switch nor a failover changes it.
 *
 * @returns undefined where settings have no edge
 */
export function createEdgeStack(
  scope: Construct,
  context: StageContext,
  entries: Readonly<Record<RegionType, Entry>>,
  operations: readonly Operation[],
): Edge | undefined {
  const { edge, secondaryRegion, activeRegion, wafRateLimit, wafCountedRules, logRetentionDays } = context.settings;
  if (edge.state === 'none') return undefined;
  const { stack } = createStack(scope, context, 'edge', secondaryRegion);
  const provider = addProvider(stack, context, EDGE_REGION, 'edge');
  const [current] = edgeSecrets(stack, context);
  const { arn: webAclArn } = new WebAcl(stack, 'web-acl', {
    aclName: `${prefix(context)}-edge`,
    requestsPerFiveMinutes: wafRateLimit,
    uncountedPaths: [HEALTH_ROUTES.rest.path, HEALTH_ROUTES.http.path],
    countedRules: wafCountedRules,
    logGroupName: edgeWafLogGroup(context),
    logRetentionDays,
    edgeProvider: provider,
  });
  const distribute = (kind: 'http' | 'rest', what: string): ServedName['target'] => {
    const { domainName } = entries.secondary[kind];
    const distribution = new EdgeDistribution(stack, what, {
      comment: `${prefix(context)} ${what}`,
      publicName: domainName,
      certificateArn: stageParameter(stack, context, 'certificate_arn_edge'),
      webAclArn,
      priceClass: edge.priceClass,
      originName: originName(domainName),
      standbyHost: entries[otherRegion(activeRegion)][kind].target.regionalDomainName,
      secret: { header: EDGE_HEADER, value: current },
      behaviors: behaviorsOf(
        stack,
        context,
        operations.filter(({ api }) => api === kind),
      ),
    });
    new EdgeLog(stack, `${what}-log`, {
      provider,
      name: `${prefix(context)}-${what}`,
      logGroupName: edgeAccessLogGroup(context, what),
      logRetentionDays,
      distributionArn: distribution.arn,
    });
    return distribution;
  };
  return { rest: distribute('rest', 'rest-edge'), http: distribute('http', 'events-edge') };
}

/** Of the operations for which the contract lets the edge do more than hand on. The longest pattern comes first, as the first that matches counts. */
function behaviorsOf(
  stack: TerraformStack,
  context: StageContext,
  operations: readonly Operation[],
): readonly EdgeBehavior[] {
  const behaviors = new Map<string, EdgeBehavior>();
  for (const { id, edge, request, ...operation } of operations) {
    const pathPattern = edgePattern(operation);
    if (edge === undefined || behaviors.has(pathPattern)) continue;
    const { cacheSeconds, otherRegion = false } = edge;
    const namesOf = (schema: typeof request.query) => fieldsOf(schema).map(({ name }) => name);
    const cachePolicyId =
      cacheSeconds === undefined
        ? undefined
        : new CachedResponses(stack, `cache-${id}`, {
            name: `${prefix(context)}-${id}`,
            seconds: cacheSeconds,
            query: namesOf(request.query),
            headers: namesOf(request.headers),
          }).policyId;
    behaviors.set(pathPattern, { pathPattern, usesStandby: otherRegion, ...(cachePolicyId && { cachePolicyId }) });
  }
  return [...behaviors.values()].toSorted((one, other) => other.pathPattern.length - one.pathPattern.length);
}
