import { GetHealthCheckStatusCommand, paginateListHealthChecks, type Route53Client } from '@aws-sdk/client-route-53';
import { regionalName } from '#contract/regional-name.ts';
import type { EndpointCheck, HealthPort, HealthStatus, LiveHealthCheck, LiveRegion } from './live-region.ts';

/**
 * Share of the health checkers that must reach an endpoint for it to count as healthy.
 *
 * Source: Amazon Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
 */
const HEALTHY_SHARE = 0.18;

/** Route 53 as the AWS SDK asks it. */
export function route53Health(client: Route53Client): HealthPort {
  return {
    endpointChecks: async () => {
      const checks: EndpointCheck[] = [];
      for await (const { HealthChecks = [] } of paginateListHealthChecks({ client }, {})) {
        for (const { Id = '', HealthCheckConfig: config } of HealthChecks) {
          const fqdn = config?.FullyQualifiedDomainName;
          // An inverted one says something else than that its endpoint responds.
          if (fqdn !== undefined && !config?.Inverted)
            checks.push({ id: Id, fqdn, resourcePath: config?.ResourcePath ?? '/' });
        }
      }
      return checks;
    },
    observations: async (HealthCheckId) => {
      const answer = await client.send(new GetHealthCheckStatusCommand({ HealthCheckId }));
      return (answer.HealthCheckObservations ?? []).flatMap(({ StatusReport }) => StatusReport?.Status ?? []);
    },
  };
}

const KINDS = ['rest', 'http'] as const;

/** The health checks of a stage: those that ask one of its regions' own names. */
export async function readHealthChecks(
  regions: readonly Pick<LiveRegion, 'target'>[],
  port: HealthPort,
): Promise<readonly LiveHealthCheck[]> {
  const checks = await port.endpointChecks();
  const found = regions.flatMap(({ target: { region, regionType, names } }) =>
    KINDS.flatMap((kind) => {
      const name = names[kind];
      const own = name === undefined ? [] : checks.filter(({ fqdn }) => fqdn === regionalName(region, name));
      return own.map((check) => ({ ...check, regionType, kind }));
    }),
  );
  return Promise.all(found.map(async (check) => ({ ...check, status: statusOf(await port.observations(check.id)) })));
}

/** Route 53's verdict out of what its checkers saw last. */
export function statusOf(observations: readonly string[]): HealthStatus {
  if (observations.length === 0) return 'unknown';
  const successes = observations.filter((status) => status.startsWith('Success')).length;
  return successes / observations.length > HEALTHY_SHARE ? 'healthy' : 'unhealthy';
}
