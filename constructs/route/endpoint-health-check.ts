import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';

export interface EndpointHealthCheckProps {
  /** Shown in the console: tag `Name`. */
  readonly name: string;
  /** Host that is asked, over HTTPS with SNI. */
  readonly fqdn: string;
  /** Path, with a query string where wanted. */
  readonly resourcePath: string;
  /** Healthy while the endpoint is not. @default false */
  readonly inverted?: boolean;
}

/** Seconds between two requests of one health checker. */
export const HEALTH_CHECK_INTERVAL_SECONDS = 10;
/** Consecutive failures, or successes, that change the status. */
export const HEALTH_CHECK_FAILURE_THRESHOLD = 3;

/**
 * A Route 53 health check of one region's endpoint, every 10 s × 3.
 *
 * Source: Amazon Route 53 Developer Guide, "Values that you specify when you create or update health checks".
 */
export class EndpointHealthCheck extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: EndpointHealthCheckProps) {
    super(scope, id);
    const check = new Route53HealthCheck(this, 'health-check', {
      type: 'HTTPS',
      fqdn: props.fqdn,
      port: 443,
      resourcePath: props.resourcePath,
      enableSni: true,
      requestInterval: HEALTH_CHECK_INTERVAL_SECONDS,
      failureThreshold: HEALTH_CHECK_FAILURE_THRESHOLD,
      measureLatency: true,
      ...(props.inverted && { invertHealthcheck: true }),
      tags: { Name: props.name },
    });
    this.healthCheckId = check.id;
  }
}
