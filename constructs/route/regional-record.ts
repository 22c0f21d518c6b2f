import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';

export interface RegionalRecordProps {
  readonly domainName: string;
  readonly hostedZoneId: string;
  /** The regional domain that the name is an alias of, and its hosted zone. */
  readonly target: { readonly regionalDomainName: string; readonly regionalZoneId: string };
}

/** Of a name that leads to a domain with addresses of both kinds: id of the construct, and type. */
export const ADDRESS_RECORDS = [
  ['record', 'A'],
  ['record-ipv6', 'AAAA'],
] as const;

/** A region's own name: alias records to the region's domain, for IPv4 and IPv6, whatever its health is. */
export class RegionalRecord extends Construct {
  constructor(scope: Construct, id: string, { domainName, hostedZoneId, target }: RegionalRecordProps) {
    super(scope, id);
    for (const [recordId, type] of ADDRESS_RECORDS) {
      new Route53Record(this, recordId, {
        zoneId: hostedZoneId,
        name: domainName,
        type,
        alias: {
          name: target.regionalDomainName,
          zoneId: target.regionalZoneId,
          // Health chooses among answers, and this is the only one.
          evaluateTargetHealth: false,
        },
      });
    }
  }
}
