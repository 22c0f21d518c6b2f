import { z } from 'zod';
import { flag, numeric, textMap } from './argument-schema.ts';
import type { HealthCheck } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const SERVED = ['HTTP', 'HTTPS'];

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
  reference_name: z.string().optional(),
  tags: textMap,
});

/** Health checks of an HTTP endpoint; those of other types are left unserved. */
export function readHealthChecks(reader: ResourceReader): readonly HealthCheck[] {
  return reader.managed('aws_route53_health_check', healthCheck).flatMap((resource) => {
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
    return {
      id: values.id,
      name: values.tags.Name ?? values.reference_name ?? resource.name,
      fqdn,
      port: values.port ?? (values.type === 'HTTPS' ? 443 : 80),
      resourcePath: values.resource_path,
      requestIntervalSeconds: values.request_interval,
      failureThreshold: values.failure_threshold,
      inverted: values.invert_healthcheck,
    };
  });
}
