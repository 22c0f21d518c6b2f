import { resolveNs } from 'node:dns/promises';
import { type ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { GetHostedZoneCommand, ListResourceRecordSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { errorReason } from '#functions/error-reason.ts';
import { unless } from '#operator/aws/setting.ts';
import { covers } from '#operator/live/certificates.ts';
import { together, type Verdict } from './verdict.ts';

/** What the public names are checked with. */
export interface NamesPorts {
  readonly route53: Pick<Route53Client, 'send'>;
  /** Name servers that the DNS gives for a zone; `undefined`: it is not asked, as the account is an emulator's. */
  readonly nameServers: ((zone: string) => Promise<readonly string[]>) | undefined;
}

/** The DNS, unless an emulator stands for AWS: its zones are in no DNS. */
export const publicNameServers = process.env.AWS_ENDPOINT_URL ? undefined : (zone: string) => resolveNs(zone);

/** Set identifiers of the records that the `routing` stack makes. */
const OWN_RECORDS: readonly (string | undefined)[] = ['primary', 'secondary'];

/**
 * Whether the hosted zone is there, public, holds the names, and is the one that the DNS asks; and whether a name is taken. A certificate
 * that is validated in another zone is waited for, for 75 minutes.
 *
 * Source: Amazon Route 53 API Reference, "GetHostedZone", "ListResourceRecordSets"; Developer Guide, "Making Route 53 the DNS service".
 */
export async function checkZone(ports: NamesPorts, zoneId: string, names: readonly string[]): Promise<Verdict> {
  const answer = await unless(['NoSuchHostedZone'], ports.route53.send(new GetHostedZoneCommand({ Id: zoneId })));
  const zone = answer?.HostedZone?.Name?.replace(/\.$/, '');
  const console53 = 'Route 53 console, Hosted zones';
  if (zone === undefined) {
    return {
      outcome: 'fail',
      found: `no hosted zone ${zoneId} in this account`,
      fix: `Set hosted_zone_id: ${console53}`,
    };
  }
  if (answer?.HostedZone?.Config?.PrivateZone) {
    const fix = `Set hosted_zone_id to the public zone of ${zone}: ${console53}`;
    return { outcome: 'fail', found: `${zoneId} (${zone}) is a private zone`, fix };
  }
  const outside = names.filter((name) => name !== zone && !name.endsWith(`.${zone}`));
  if (outside.length > 0) {
    const fix = `Set hosted_zone_id to the zone that holds them, or names below ${zone}.`;
    return { outcome: 'fail', found: `${outside.join(', ')} not in the zone ${zone}`, fix };
  }
  const own = answer?.DelegationSet?.NameServers ?? [];
  const taken = await Promise.all(names.map((name) => checkRecord(ports.route53, zoneId, name)));
  return together([await checkDelegation(ports, zone, own), ...taken]);
}

async function checkDelegation({ nameServers }: NamesPorts, zone: string, own: readonly string[]): Promise<Verdict> {
  if (nameServers === undefined)
    return { outcome: 'ok', found: `zone ${zone}; its delegation is not asked of an emulator` };
  const fix = `At the registrar of ${zone}, or in the zone above it, set the name servers ${own.join(', ')}.`;
  try {
    const given = (await nameServers(zone)).map((server) => server.replace(/\.$/, '').toLowerCase());
    if (given.some((server) => own.includes(server)))
      return { outcome: 'ok', found: `zone ${zone} is asked by the DNS` };
    return { outcome: 'fail', found: `the DNS asks ${given.join(', ')} for ${zone}`, fix };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { outcome: 'fail', found: `${zone} is not in the DNS`, fix };
    return { outcome: 'warn', found: `the DNS was not asked for ${zone}: ${errorReason(error)}` };
  }
}

/** A record that the stack did not make is not overwritten by Route 53, rightly. */
async function checkRecord(route53: NamesPorts['route53'], zoneId: string, name: string): Promise<Verdict> {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 20 });
  const { ResourceRecordSets = [] } = await route53.send(command);
  const foreign = ResourceRecordSets.filter(
    ({ Name, Type, SetIdentifier }) =>
      Name?.replace(/\.$/, '') === name &&
      (Type === 'A' || Type === 'AAAA' || Type === 'CNAME') &&
      !OWN_RECORDS.includes(SetIdentifier),
  );
  if (foreign.length === 0) return { outcome: 'ok', found: `${name} is free or ours` };
  const fix = 'Take another name, or delete the record when nothing needs it: Route 53 console, Hosted zones';
  return { outcome: 'fail', found: `${name} has a ${foreign[0]?.Type} record of somebody else`, fix };
}

/**
 * Whether a certificate is issued and covers a name: API Gateway takes no other for a domain.
 *
 * Source: AWS Certificate Manager API Reference, "DescribeCertificate"; RFC 6125, 6.4.3, wildcards.
 */
export async function checkCertificate(acm: Pick<ACMClient, 'send'>, arn: string, name: string): Promise<Verdict> {
  const command = new DescribeCertificateCommand({ CertificateArn: arn });
  const certificate = (await unless(['ResourceNotFoundException'], acm.send(command)))?.Certificate;
  const region = arn.split(':')[3] ?? '';
  const where = `ACM console in ${region}`;
  if (certificate === undefined) {
    return { outcome: 'fail', found: `no certificate ${arn}`, fix: `Set certificate_arn_…: ${where}` };
  }
  const { Status, DomainName = '', SubjectAlternativeNames = [] } = certificate;
  const covered = [...new Set([DomainName, ...SubjectAlternativeNames])];
  if (Status !== 'ISSUED') {
    const fix = `Write the records that it asks for into the zone, and wait until it is issued: ${where}`;
    return { outcome: 'fail', found: `the certificate of ${covered.join(', ')} in ${region} is ${Status}`, fix };
  }
  if (covered.some((pattern) => covers(pattern, name))) {
    return { outcome: 'ok', found: `a certificate for ${name} is issued in ${region}` };
  }
  const fix = `Request one for ${name} and set certificate_arn_…: ${where}`;
  return { outcome: 'fail', found: `the certificate in ${region} is for ${covered.join(', ')}, not for ${name}`, fix };
}
