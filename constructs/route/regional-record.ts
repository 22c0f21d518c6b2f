import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';

export interface RegionalRecordProps {
  readonly domainName: string;
  readonly hostedZoneId: string;
  /** The regional domain that the name is an alias of, and its hosted zone. */
  readonly target: { readonly regionalDomainName: string; readonly regionalZoneId: string };
}

/** A region's own name: an alias record to the region's domain, whatever its health is. */
export class RegionalRecord extends Construct {
  constructor(scope: Construct, id: string, { domainName, hostedZoneId, target }: RegionalRecordProps) {
    super(scope, id);
    new Route53Record(this, 'record', {
      zoneId: hostedZoneId,
      name: domainName,
      type: 'A',
      alias: {
        name: target.regionalDomainName,
        zoneId: target.regionalZoneId,
        // Health chooses among answers, and this is the only one.
        evaluateTargetHealth: false,
      },
    });
  }
}
