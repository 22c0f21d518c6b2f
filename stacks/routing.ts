import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { Construct } from 'constructs';
import { EndpointHealthCheck } from '#constructs/route/endpoint-health-check.ts';
import { FailoverRecord } from '#constructs/route/failover-record.ts';
import { ControlCheck, RegionHealth } from '#constructs/route/region-health.ts';
import { healthcheck, SHALLOW_QUERY } from '#contract/healthcheck.ts';
import { inRegion, type RegionType, type StageContext } from './context.ts';
import type { Entry } from './entry.ts';
import { bucketName, prefix, ROUTE_BUCKET } from './naming.ts';
import { bucketHost, executeApiHost } from './settings/partitions.ts';
import { createStack } from './stage-stack.ts';
import { targetEnvironment } from './target-environment.ts';

/**
 * `<stage>-routing`: health checks and failover records of the public name. Route 53 is global, so the provider works from the secondary
 * region, and everything is taken from the entries' states: this stack can be planned while the primary region is down.
 */
export function createRoutingStack(
  scope: Construct,
  context: StageContext,
  entries: Readonly<Record<RegionType, Entry>>,
): void {
  const { stack } = createStack(scope, context, 'routing', context.settings.secondaryRegion);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const target = targetEnvironment(stack, context);
  const { dnsHealthCheck } = context.settings;
  const query = dnsHealthCheck === 'shallow' ? SHALLOW_QUERY : '';
  const ask = (id: string, regionType: RegionType, inverted = false): string => {
    const { restApiId, region } = entries[regionType];
    return new EndpointHealthCheck(stack, id, {
      name: `${prefix(context)}-${id.replace(/-health$/, '')}`,
      // The execute-api host, not the public name, which is what failover moves.
      fqdn: executeApiHost(restApiId, region),
      resourcePath: `/${target}${healthcheck.path}${query}`,
      inverted,
    }).healthCheckId;
  };
  for (const [regionType, otherType, role] of [
    ['primary', 'secondary', 'PRIMARY'],
    ['secondary', 'primary', 'SECONDARY'],
  ] as const) {
    const entry = entries[regionType];
    const other = inRegion(context, otherType);
    const control = new ControlCheck(stack, `${regionType}-control`, {
      name: `${prefix(context)}-${regionType}-control`,
      fqdn: bucketHost(bucketName(other, ROUTE_BUCKET, accountId), other.region),
    });
    const own = [ask(`${regionType}-health`, regionType), control.healthCheckId];
    // The region's own check, and what the other region says of it: traffic is moved by one object, without a control plane. With "relative" two of
    // three: its own, that the other region is unhealthy, and what that says.
    const relative = dnsHealthCheck === 'relative' ? [ask(`${regionType}-unless-${otherType}`, otherType, true)] : [];
    const { healthCheckId } = new RegionHealth(stack, `${regionType}-region`, {
      name: `${prefix(context)}-${regionType}-region`,
      healthCheckIds: [...own, ...relative],
      threshold: 2,
    });
    for (const [name, publicName] of [
      ['', entry.rest],
      ['events-', entry.http],
    ] as const) {
      new FailoverRecord(stack, `${name}${regionType}-record`, {
        domainName: publicName.domainName,
        // Both entries know the zone; the secondary's is at hand while the primary region is down.
        hostedZoneId: entries.secondary.hostedZoneId,
        role,
        // One check for both names: a region is left as a whole.
        healthCheckId,
        target: publicName.target,
      });
    }
  }
}
