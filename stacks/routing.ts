import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { Construct } from 'constructs';
import { EndpointHealthCheck } from '#constructs/route/endpoint-health-check.ts';
import { PublicRecord, type RecordPolicy } from '#constructs/route/public-record.ts';
import { ControlCheck, RegionHealth } from '#constructs/route/region-health.ts';
import { RegionalRecord } from '#constructs/route/regional-record.ts';
import { originName } from '#contract/edge-pattern.ts';
import { HEALTH_ROUTES, SHALLOW_QUERY } from '#contract/health-routes.ts';
import { activeRegion, inRegion, type RegionType, type StageContext } from './context.ts';
import type { Edge } from './edge.ts';
import type { PublicName } from './entry.ts';
import { bucketName, CONTAINER, prefix, ROUTE_BUCKET } from './naming.ts';
import { bucketHost } from './settings/partitions.ts';
import { createStack } from './stage-stack.ts';

/** What the `routing` stack offers to observability. */
export interface Routing {
  /** What failover follows: by what of the stage it is, `primary`, `events-primary`. */
  readonly healthCheckIds: Readonly<Record<string, string>>;
}

/** What a region serves: the public names of the APIs, and of the container API where there is one. */
export interface ServedNames {
  readonly hostedZoneId: string;
  readonly names: Readonly<Record<'http' | 'rest', PublicName>> & { readonly container?: PublicName };
}

/** Each public name with its route of health, and what ids of its records and checks start with. */
const KINDS = [
  { kind: 'rest', id: '', healthPath: HEALTH_ROUTES.rest.path },
  { kind: 'http', id: 'events-', healthPath: HEALTH_ROUTES.http.path },
  { kind: CONTAINER, id: `${CONTAINER}-`, healthPath: HEALTH_ROUTES.rest.path },
] as const;

/**
 * `<stage>-routing`: health checks, records of the public names, records of each region's own names. Route 53 is global, so the provider
 * works from the secondary region, and everything is taken from the entries' states. Nothing here knows the target: a switch leaves it alone.
 *
 * With an edge the names of its origins have the records that follow health. The public names keep theirs, which lead to the edge while settings have it
 * active, but for the container API's: a name never changes from one policy to another, for which it would have to go for a moment.
 */
export function createRoutingStack(
  scope: Construct,
  context: StageContext,
  served: Readonly<Record<RegionType, ServedNames>>,
  edge?: Edge,
): Routing {
  const { stack } = createStack(scope, context, 'routing', context.settings.secondaryRegion);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const ids = new Map<string, string>();
  const { dnsHealthCheck } = context.settings;
  const query = dnsHealthCheck === 'shallow' ? SHALLOW_QUERY : '';
  // Both regions know the zone; the secondary's is at hand while the primary region is down.
  const { hostedZoneId } = served.secondary;
  // By the region's own name: the public one is what failover moves.
  const ask = (id: string, { regional }: PublicName, healthPath: string, inverted = false): string =>
    new EndpointHealthCheck(stack, id, {
      name: `${prefix(context)}-${id.replace(/-health$/, '')}`,
      fqdn: regional.domainName,
      resourcePath: `${healthPath}${query}`,
      inverted,
    }).healthCheckId;
  for (const [regionType, otherType] of [
    ['primary', 'secondary'],
    ['secondary', 'primary'],
  ] as const) {
    const other = inRegion(context, otherType);
    const control = new ControlCheck(stack, `${regionType}-control`, {
      name: `${prefix(context)}-${regionType}-control`,
      fqdn: bucketHost(bucketName(other, ROUTE_BUCKET, accountId), other.region),
    });
    for (const { kind, id: name, healthPath } of KINDS) {
      const [here, there] = [served[regionType].names[kind], served[otherType].names[kind]];
      if (here === undefined || there === undefined) continue;
      const { domainName, target, regional } = here;
      new RegionalRecord(stack, `${name}${regionType}-regional-record`, { ...regional, hostedZoneId });
      const own = [ask(`${name}${regionType}-health`, here, healthPath), control.healthCheckId];
      // The check of the region's API, and what the other region says of the region: traffic is moved by one object, without a control plane. With
      // "relative" two of three: its own, that the other region's is unhealthy, and what that says.
      const relative =
        dnsHealthCheck === 'relative' ? [ask(`${name}${regionType}-unless-${otherType}`, there, healthPath, true)] : [];
      const { healthCheckId } = new RegionHealth(stack, `${name}${regionType}-region`, {
        name: `${prefix(context)}-${name}${regionType}-region`,
        healthCheckIds: [...own, ...relative],
        threshold: 2,
      });
      ids.set(`${name}${regionType}`, healthCheckId);
      const { place, choice } = choiceOf(context, regionType);
      const record = { hostedZoneId, setIdentifier: place, choice, healthCheckId };
      const before = kind === CONTAINER ? undefined : edge?.[kind];
      const origin = before && {
        dependsOn: new PublicRecord(stack, `${name}${place}-origin-record`, {
          ...record,
          domainName: originName(domainName),
          target,
        }).records,
      };
      new PublicRecord(stack, `${name}${place}-record`, {
        ...record,
        domainName,
        ...(before && context.settings.edge.state === 'active'
          ? { target: before, isEdge: true, ...origin }
          : { target }),
      });
    }
  }
  return { healthCheckIds: Object.fromEntries(ids) };
}

/**
 * How the public names' records of a region are chosen, and their place among those of the name. A failover record is its role: when the other region
 * becomes the active one each record gets another target and check, one by one, and a name has both roles all the time, as Route 53 takes none twice.
 */
function choiceOf(
  { settings }: StageContext,
  regionType: RegionType,
): { readonly place: RegionType; readonly choice: RecordPolicy } {
  const { routingPolicy, routingWeights, primaryRegion, secondaryRegion } = settings;
  if (routingPolicy === 'weighted') {
    return { place: regionType, choice: { policy: routingPolicy, weight: routingWeights[regionType] } };
  }
  if (routingPolicy === 'latency') {
    const region = regionType === 'primary' ? primaryRegion : secondaryRegion;
    return { place: regionType, choice: { policy: routingPolicy, region } };
  }
  const isActive = activeRegion(settings) === regionType;
  return {
    place: isActive ? 'primary' : 'secondary',
    choice: { policy: routingPolicy, role: isActive ? 'PRIMARY' : 'SECONDARY' },
  };
}
