import type { LocalModel } from '#local/model/model.ts';
import type { HealthChecks } from '#local/route53/health-checks.ts';
import { route53Region } from '#stacks/settings/partitions.ts';
import type { MetricStore } from './metric-store.ts';

/**
 * What Route 53 says of health checks, once a period: 1 is healthy.
 *
 * Source: Amazon Route 53 Developer Guide, "Monitoring health checks using CloudWatch".
 *
 * @returns puts it. @param period - number of the one that it is put in
 */
export function sampleHealth(
  metrics: MetricStore,
  { dns, regions }: Pick<LocalModel, 'dns' | 'regions'>,
  checks: Pick<HealthChecks, 'status'>,
): (period: number) => void {
  const region = route53Region(regions.primary.region);
  const series = [...dns.healthChecks, ...(dns.calculatedChecks ?? [])].map(({ id }) => ({
    id,
    metric: metrics.series({
      region,
      namespace: 'AWS/Route53',
      name: 'HealthCheckStatus',
      dimensions: { HealthCheckId: id },
    }),
  }));
  // Inverted checks begin unhealthy, and so does what is calculated of them: until a check was healthy once nothing is known of it.
  const known = new Set<string>();
  return (period) => {
    for (const { id, metric } of series) {
      const status = checks.status(id)?.status;
      if (status === 'healthy') known.add(id);
      if (known.has(id)) metric.put(period, status === 'healthy' ? 1 : 0);
    }
  };
}
