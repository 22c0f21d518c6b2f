import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import { ADDRESS_RECORDS } from './regional-record.ts';

export interface FailoverRecordProps {
  readonly domainName: string;
  readonly hostedZoneId: string;
  readonly role: 'PRIMARY' | 'SECONDARY';
  readonly healthCheckId: string;
  /** The regional domain that the name is an alias of, and its hosted zone. */
  readonly target: { readonly regionalDomainName: string; readonly regionalZoneId: string };
}

/**
 * One side of the public name: alias records to a region's domain, for IPv4 and IPv6, answered while that region is healthy.
 *
 * Source: Amazon Route 53 API Reference, "ResourceRecordSet", Failover; Amazon API Gateway Developer Guide, "Configure custom health checks for DNS failover".
 */
export class FailoverRecord extends Construct {
  constructor(scope: Construct, id: string, props: FailoverRecordProps) {
    super(scope, id);
    for (const [recordId, type] of ADDRESS_RECORDS) {
      new Route53Record(this, recordId, {
        zoneId: props.hostedZoneId,
        name: props.domainName,
        type,
        setIdentifier: props.role.toLowerCase(),
        healthCheckId: props.healthCheckId,
        failoverRoutingPolicy: { type: props.role },
        alias: {
          name: props.target.regionalDomainName,
          zoneId: props.target.regionalZoneId,
          // As the API asks of failover aliases. Of an API it says only whether the service is there, so nothing leaves DNS by it that should stay.
          evaluateTargetHealth: true,
        },
      });
    }
  }
}
