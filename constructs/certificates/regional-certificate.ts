import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Fn, TerraformIterator, Token } from 'cdktf';
import { Construct } from 'constructs';

export interface RegionalCertificateProps {
  /** Of the region that the names belong to. */
  readonly provider: AwsProvider;
  /** Hosted zone that the names are proved in. */
  readonly hostedZoneId: string;
  /** A name that is proved already. It comes first, as ACM takes at most 64 characters there, and the region's names are longer. */
  readonly proved: { readonly domainName: string; readonly recordFqdn: string };
  /** The region's names, by what their records are called. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * An ACM certificate of a region's own names, and the DNS records by which they are proved.
 *
 * Source: AWS Certificate Manager API Reference, "RequestCertificate"; User Guide, "DNS validation".
 */
export class RegionalCertificate extends Construct {
  /** Known only when the certificate is issued: who uses it waits for that. */
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, { provider, hostedZoneId, proved, names }: RegionalCertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, 'certificate', {
      provider,
      domainName: proved.domainName,
      subjectAlternativeNames: Object.values(names),
      validationMethod: 'DNS',
      lifecycle: { createBeforeDestroy: true },
    });
    const options = TerraformIterator.fromComplexList(certificate.domainValidationOptions, 'domain_name');
    const optionOf = (name: string, attribute: string) =>
      Token.asString(Fn.lookup(options.forExpressionForMap('val.domain_name', `val.${attribute}`), name));
    const records = Object.entries(names).map(
      ([record, name]) =>
        new Route53Record(this, `${record}-validation-record`, {
          zoneId: hostedZoneId,
          name: optionOf(name, 'resource_record_name'),
          type: optionOf(name, 'resource_record_type'),
          records: [optionOf(name, 'resource_record_value')],
          ttl: 60,
          // Another stack of the account may have proved the same name: with the same record.
          allowOverwrite: true,
        }),
    );
    const validation = new AcmCertificateValidation(this, 'validation', {
      provider,
      certificateArn: certificate.arn,
      validationRecordFqdns: [proved.recordFqdn, ...records.map(({ fqdn }) => fqdn)],
    });
    // Outputs are named by it: the two regions' stacks differ in the region alone.
    validation.overrideLogicalId(`${id}-issued`);
    this.certificateArn = validation.certificateArn;
  }
}
