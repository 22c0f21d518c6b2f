import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';

export interface DnsValidatedCertificatesProps {
  readonly domainName: string;
  /** Hosted zone that the validation record is written to. */
  readonly hostedZoneId: string;
  /** Providers of the two regions that get a certificate of the name each. */
  readonly providers: { readonly primary: AwsProvider; readonly secondary: AwsProvider };
}

/**
 * ACM certificates of one name, one per region, and the DNS record by which they prove it. ACM asks for the same record wherever an account
 * requests the name, and needs it again for each renewal: it is declared once, with everything that it is for, so that no region's stack
 * can take it away from the other's certificate.
 *
 * Source: AWS Certificate Manager User Guide, "DNS validation" and "Renewal for domains validated by DNS".
 */
export class DnsValidatedCertificates extends Construct {
  /** Known only when the certificate is issued: who uses it waits for that. */
  readonly certificateArns: { readonly primary: string; readonly secondary: string };
  /** Name of the record that proves the domain name. */
  readonly recordFqdn: string;

  constructor(scope: Construct, id: string, { domainName, hostedZoneId, providers }: DnsValidatedCertificatesProps) {
    super(scope, id);
    const request = (region: 'primary' | 'secondary') =>
      new AcmCertificate(this, `${region}-certificate`, {
        provider: providers[region],
        domainName,
        validationMethod: 'DNS',
        lifecycle: { createBeforeDestroy: true },
      });
    const certificates = { primary: request('primary'), secondary: request('secondary') };
    const validation = certificates.secondary.domainValidationOptions.get(0);
    const record = new Route53Record(this, 'validation-record', {
      zoneId: hostedZoneId,
      name: validation.resourceRecordName,
      type: validation.resourceRecordType,
      records: [validation.resourceRecordValue],
      ttl: 60,
      // Another stage or stack of the account may have proved the same name: with the same record.
      allowOverwrite: true,
    });
    const issued = (region: 'primary' | 'secondary') => {
      const validation = new AcmCertificateValidation(this, `${region}-validation`, {
        provider: providers[region],
        certificateArn: certificates[region].arn,
        validationRecordFqdns: [record.fqdn],
      });
      // Outputs are named by it: the two regions' stacks differ in the region alone.
      validation.overrideLogicalId(`${id}-${region}-issued`);
      return validation.certificateArn;
    };
    this.recordFqdn = record.fqdn;
    this.certificateArns = { primary: issued('primary'), secondary: issued('secondary') };
  }
}
