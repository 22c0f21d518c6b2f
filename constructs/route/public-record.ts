import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ADDRESS_RECORDS } from './regional-record.ts';

/** By what Route 53 chooses a record among those of its name that are healthy. */
export type RecordPolicy =
  | { readonly policy: 'failover'; readonly role: 'PRIMARY' | 'SECONDARY' }
  /** `region`: the AWS region that the record leads to. */
  | { readonly policy: 'latency'; readonly region: string }
  /** 0 to 255: its share of the sum of all. */
  | { readonly policy: 'weighted'; readonly weight: number };

export interface PublicRecordProps {
  readonly domainName: string;
  readonly hostedZoneId: string;
  /** What tells the records of a name apart. */
  readonly setIdentifier: string;
  readonly choice: RecordPolicy;
  readonly healthCheckId: string;
  /** The regional domain that the name is an alias of, and its hosted zone. */
  readonly target: { readonly regionalDomainName: string; readonly regionalZoneId: string };
  /** Whether that is a distribution of CloudFront. @default false */
  readonly isEdge?: boolean;
  /** What must be there before the name leads to it. @default - nothing else */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * One side of the public name: alias records to a region's domain, for IPv4 and IPv6, answered while that region is healthy.
 *
 * Source: Amazon Route 53 API Reference, "ResourceRecordSet", Failover, Region and Weight; Amazon API Gateway Developer Guide, "Configure custom health
 * checks for DNS failover".
 */
export class PublicRecord extends Construct {
  readonly records: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PublicRecordProps) {
    super(scope, id);
    this.records = ADDRESS_RECORDS.map(
      ([recordId, type]) =>
        new Route53Record(this, recordId, {
          zoneId: props.hostedZoneId,
          name: props.domainName,
          type,
          setIdentifier: props.setIdentifier,
          healthCheckId: props.healthCheckId,
          ...routingPolicy(props.choice),
          alias: {
            name: props.target.regionalDomainName,
            zoneId: props.target.regionalZoneId,
            // As the API asks of failover aliases. Of an API it says only whether the service is there, so nothing leaves DNS by it that should stay.
            // Of a distribution Route 53 knows no health, and refuses to be asked for it.
            evaluateTargetHealth: !props.isEdge,
          },
          ...(props.dependsOn && { dependsOn: [...props.dependsOn] }),
        }),
    );
  }
}

function routingPolicy(choice: RecordPolicy) {
  if (choice.policy === 'failover') return { failoverRoutingPolicy: { type: choice.role } };
  if (choice.policy === 'weighted') return { weightedRoutingPolicy: { weight: choice.weight } };
  return { latencyRoutingPolicy: { region: choice.region } };
}
