import { z } from 'zod';
import { flag, numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import type { CalculatedCheck, DnsModel, HealthCheck } from './model.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

const SERVED = ['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH'];

// Defaults: Amazon Route 53 API, "HealthCheckConfig".
const healthCheck = z.object({
  id: z.string(),
  type: z.string(),
  fqdn: z.string().optional(),
  ip_address: z.string().optional(),
  port: numeric.optional(),
  resource_path: z.string().default('/'),
  request_interval: numeric.default(30),
  failure_threshold: numeric.default(3),
  invert_healthcheck: flag.default(false),
  search_string: z.string().optional(),
  child_healthchecks: z.array(z.string()).default([]),
  child_health_threshold: numeric.default(0),
  reference_name: z.string().optional(),
  tags: textMap,
});
type Resource = Read<z.infer<typeof healthCheck>>;

/** Health checks of an HTTP endpoint and of other health checks; those of other types are left unserved. */
export function readHealthChecks(
  reader: ResourceReader,
): Required<Pick<DnsModel, 'calculatedChecks' | 'healthChecks'>> {
  const resources = reader.managed('aws_route53_health_check', healthCheck);
  const isCalculated = ({ values }: Resource) => values.type === 'CALCULATED';
  return {
    healthChecks: resources.filter((each) => !isCalculated(each)).flatMap((each) => endpointCheck(reader, each)),
    calculatedChecks: resources.filter(isCalculated).map(calculatedCheck),
  };
}

function endpointCheck(reader: ResourceReader, resource: Resource): readonly HealthCheck[] {
  const { values } = resource;
  if (!SERVED.includes(values.type)) {
    reader.leaveUnserved(resource);
    return [];
  }
  const fqdn = values.fqdn ?? values.ip_address;
  if (fqdn === undefined) {
    reader.fail(resource, 'fqdn: is needed, or ip_address');
    return [];
  }
  const check = {
    id: values.id,
    name: nameOf(resource),
    fqdn,
    port: values.port ?? (values.type.startsWith('HTTPS') ? 443 : 80),
    resourcePath: values.resource_path,
    requestIntervalSeconds: values.request_interval,
    failureThreshold: values.failure_threshold,
    inverted: values.invert_healthcheck,
    ...(values.type.endsWith('_STR_MATCH') && { searchString: values.search_string ?? '' }),
  };
  return [check];
}

function calculatedCheck(resource: Resource): CalculatedCheck {
  const { values } = resource;
  return {
    id: values.id,
    name: nameOf(resource),
    children: values.child_healthchecks,
    threshold: values.child_health_threshold,
    inverted: values.invert_healthcheck,
  };
}

function nameOf({ name, values }: Resource): string {
  return values.tags.Name ?? values.reference_name ?? name;
}
