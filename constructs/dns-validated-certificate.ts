import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';

export interface DnsValidatedCertificateProps {
  readonly domainName: string;
  /** Hosted zone that the validation record is written to. */
  readonly hostedZoneId: string;
}

/**
 * An ACM certificate that proves its name by a DNS record.
 *
 * Source: AWS Certificate Manager User Guide, "DNS validation".
 */
export class DnsValidatedCertificate extends Construct {
  /** Known only when the certificate is issued: who uses it waits for that. */
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, { domainName, hostedZoneId }: DnsValidatedCertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, 'certificate', {
      domainName,
      validationMethod: 'DNS',
      lifecycle: { createBeforeDestroy: true },
    });
    const validation = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'validation-record', {
      zoneId: hostedZoneId,
      name: validation.resourceRecordName,
      type: validation.resourceRecordType,
      records: [validation.resourceRecordValue],
      ttl: 60,
      // The record depends on account and name only: both regions' certificates ask for the same one.
      allowOverwrite: true,
    });
    this.certificateArn = new AcmCertificateValidation(this, 'validation', {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
