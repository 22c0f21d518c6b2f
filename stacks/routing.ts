import type { Construct } from 'constructs';
import { EndpointHealthCheck } from '#constructs/endpoint-health-check.ts';
import { FailoverRecord } from '#constructs/failover-record.ts';
import { healthcheck, SHALLOW_QUERY } from '#contract/healthcheck.ts';
import type { RegionType, StageContext } from './context.ts';
import type { Entry } from './entry.ts';
import { prefix } from './naming.ts';
import { executeApiHost } from './settings/partitions.ts';
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
  const target = targetEnvironment(stack, context);
  const query = context.settings.dnsHealthCheck === 'shallow' ? SHALLOW_QUERY : '';
  for (const [regionType, role] of [
    ['primary', 'PRIMARY'],
    ['secondary', 'SECONDARY'],
  ] as const) {
    const entry = entries[regionType];
    const { healthCheckId } = new EndpointHealthCheck(stack, `${regionType}-health`, {
      name: `${prefix(context)}-${regionType}`,
      // The execute-api host, not the public name, which is what failover moves.
      fqdn: executeApiHost(entry.restApiId, entry.region),
      resourcePath: `/${target}${healthcheck.path}${query}`,
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
