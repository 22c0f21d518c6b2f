import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Construct } from 'constructs';
import { AWAY_TEXT, CONTROL_INTERVAL_SECONDS, CONTROL_THRESHOLD, ROUTE_KEY } from '#contract/route-document.ts';

export interface ControlCheckProps {
  /** Shown in the console: tag `Name`. */
  readonly name: string;
  /** Host of the bucket, in the other region, in which the route is kept. */
  readonly fqdn: string;
}

/**
 * What the other region says of this one: unhealthy while its object says `away`, for three responses 10 s apart. Inverted, so that a region that
 * says nothing, being lost itself, moves no traffic.
 *
 * Source: Amazon Route 53 Developer Guide, "Monitoring other health checks" and "Values that you specify when you create or update health checks".
 */
export class ControlCheck extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, { name, fqdn }: ControlCheckProps) {
    super(scope, id);
    const check = new Route53HealthCheck(this, 'health-check', {
      type: 'HTTPS_STR_MATCH',
      fqdn,
      port: 443,
      resourcePath: `/${ROUTE_KEY}`,
      searchString: AWAY_TEXT,
      invertHealthcheck: true,
      enableSni: true,
      requestInterval: CONTROL_INTERVAL_SECONDS,
      failureThreshold: CONTROL_THRESHOLD,
      tags: { Name: name },
    });
    this.healthCheckId = check.id;
  }
}

export interface RegionHealthProps {
  /** Shown in the console: tag `Name`. */
  readonly name: string;
  readonly healthCheckIds: readonly string[];
  /** How many of them must be healthy. */
  readonly threshold: number;
}

/** A health check of health checks: a region is healthy while enough of them are. */
export class RegionHealth extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, { name, healthCheckIds, threshold }: RegionHealthProps) {
    super(scope, id);
    const check = new Route53HealthCheck(this, 'health-check', {
      type: 'CALCULATED',
      childHealthchecks: [...healthCheckIds],
      childHealthThreshold: threshold,
      tags: { Name: name },
    });
    this.healthCheckId = check.id;
  }
}
