import { CloudwatchLogDelivery } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery';
import { CloudwatchLogDeliveryDestination } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination';
import { CloudwatchLogDeliverySource } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-source';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';

export interface EdgeLogProps {
  /** Works in us-east-1, where CloudFront's logs are delivered from. */
  readonly provider: AwsProvider;
  /** Of the deliveries, unique in the account. */
  readonly name: string;
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  readonly distributionArn: string;
}

/** Without cookies and query strings, which may hold secrets. */
const FIELDS = [
  ...['timestamp(ms)', 'x-edge-location', 'c-ip', 'c-country', 'cs-method', 'cs(Host)', 'cs-uri-stem', 'sc-status'],
  ...['sc-bytes', 'time-taken', 'time-to-first-byte', 'x-edge-result-type', 'x-edge-detailed-result-type'],
  ...['x-edge-request-id', 'cs-protocol-version', 'ssl-protocol', 'origin-fbl', 'cache-behavior-path-pattern'],
];

/**
 * The access log of a distribution, in a log group that forgets.
 *
 * Source: Amazon CloudFront Developer Guide, "Standard logging (v2)", "Log file fields".
 */
export class EdgeLog extends Construct {
  constructor(scope: Construct, id: string, props: EdgeLogProps) {
    super(scope, id);
    const { provider, name, distributionArn } = props;
    const group = new CloudwatchLogGroup(this, 'log', {
      provider,
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
    });
    const source = new CloudwatchLogDeliverySource(this, 'source', {
      provider,
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: distributionArn,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, 'destination', {
      provider,
      name,
      outputFormat: 'json',
      deliveryDestinationConfiguration: [{ destinationResourceArn: group.arn }],
    });
    new CloudwatchLogDelivery(this, 'delivery', {
      provider,
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: FIELDS,
    });
  }
}
