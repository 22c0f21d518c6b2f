import { GetHostedZoneCommand, ListResourceRecordSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { together, type Verdict } from '#operator/account/verdict.ts';
import { type CertificatePort, shownCertificates } from '#operator/live/certificates.ts';
import type { StageContext } from '#stacks/context.ts';

/** What is asked about the records that ACM renews certificates by. */
export interface ValidationPorts {
  readonly zone: Zone;
  /** By AWS region. */
  readonly certificates: Readonly<Record<string, CertificatePort>>;
}

/** The zone of the public names. Names have no dot at the end. */
export interface Zone {
  name(): Promise<string>;
  has(record: string): Promise<boolean>;
}

/** Nothing is asked yet. @param Id - of the zone */
export function route53Zone(client: Route53Client, Id: string): Zone {
  return {
    name: async () => withoutDot((await client.send(new GetHostedZoneCommand({ Id }))).HostedZone?.Name ?? ''),
    has: async (record) => {
      // Route 53 begins with the name, or with the next one there is.
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: Id, StartRecordName: record, MaxItems: 1 });
      const { ResourceRecordSets: [found] = [] } = await client.send(command);
      return withoutDot(found?.Name ?? '') === record;
    },
  };
}

/**
 * Whether the records are still in the zone by which ACM proves, at each renewal, that the names are the account's. Without them a certificate is fine
 * until it ends.
 *
 * Source: AWS Certificate Manager User Guide, "Managed certificate renewal", renewal of domains validated by DNS.
 *
 * @param names - the public names
 */
export async function checkValidationRecords(
  { stage }: StageContext,
  { zone, certificates }: ValidationPorts,
  names: readonly string[],
): Promise<Verdict> {
  const zoneName = await zone.name();
  const asked = Object.entries(certificates).map(async ([region, port]) => {
    const shown = await shownCertificates(port, region, names);
    const details = await Promise.all(shown.map(({ arn }) => port.describe(arn)));
    return details.flatMap((detail) =>
      (detail?.DomainValidationOptions ?? []).flatMap(({ DomainName = '', ResourceRecord }) =>
        ResourceRecord?.Name === undefined
          ? []
          : [{ region, domain: DomainName, name: withoutDot(ResourceRecord.Name) }],
      ),
    );
  });
  const wanted = (await Promise.all(asked)).flat();
  if (wanted.length === 0) return { outcome: 'skipped', found: 'no name shows a certificate that ACM renews by DNS' };
  const verdicts = wanted.map(async ({ region, domain, name }): Promise<Verdict> => {
    if (!name.endsWith(`.${zoneName}`)) {
      return { outcome: 'skipped', found: `the record for ${domain} belongs into another zone than ${zoneName}` };
    }
    if (await zone.has(name)) return { outcome: 'ok', found: `the record for ${domain} is in ${zoneName}` };
    return {
      outcome: 'fail',
      found: `${name} is not in the zone ${zoneName}: ACM cannot renew the certificate of ${domain} in ${region}`,
      fix: `two-region deploy ${stage} --stack certificates, or the ACM console in ${region}, Create records in Route 53`,
    };
  });
  return together(await Promise.all(verdicts));
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
