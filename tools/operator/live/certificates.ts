import { ACMClient, type CertificateDetail, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { APIGatewayClient, GetDomainNameCommand } from '@aws-sdk/client-api-gateway';
import { regionalName } from '#contract/regional-name.ts';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { StageContext } from '#stacks/context.ts';

/** What AWS is asked about the certificates of one region's names. */
export interface CertificatePort {
  /** ARN of the certificate that a custom domain shows. @returns `undefined` where there is no such domain */
  shownBy(name: string): Promise<string | undefined>;
  describe(arn: string): Promise<CertificateDetail | undefined>;
}

/** A certificate that clients are shown. */
export interface ShownCertificate {
  readonly arn: string;
  /** Names of the stage that show it. */
  readonly names: readonly string[];
  /** Whole days until it ends; negative when it has. */
  readonly daysLeft: number;
  /** How ACM's renewal stands, in its words; `undefined` while there is none. */
  readonly renewal: string | undefined;
  /** Names of the stage that it does not cover. */
  readonly uncovered: readonly string[];
  /** ACM does not renew what somebody imported. */
  readonly isImported: boolean;
}

/** What is to be said of a certificate, as `doctor` says it. */
interface CertificateVerdict {
  readonly outcome: 'fail' | 'ok' | 'warn';
  readonly found: string;
  readonly fix?: string;
}

/** ACM itself warns from here on. Source: AWS Certificate Manager User Guide, "Amazon EventBridge support", expiration events. */
const WARNING_DAYS = 45;
const FAILURE_DAYS = 14;
const DAY_MILLISECONDS = 86_400_000;

/** A region as the AWS SDK asks it for a stage. Nothing is asked yet. @param region - AWS region */
export function awsCertificates(context: StageContext, region: string): CertificatePort {
  const settings = clientSettings(accessOf(context), region);
  const gateway = new APIGatewayClient(settings);
  const acm = new ACMClient(settings);
  return {
    // This API knows the domains of HTTP APIs, too.
    shownBy: async (domainName) =>
      (await unlessAbsent(gateway.send(new GetDomainNameCommand({ domainName }))))?.regionalCertificateArn,
    describe: async (CertificateArn) =>
      (await unlessAbsent(acm.send(new DescribeCertificateCommand({ CertificateArn }))))?.Certificate,
  };
}

/**
 * The certificates that a region shows at the public names and at its own. Route 53's checkers don't look at them: what is not seen here is seen
 * by every client at once.
 *
 * Source: Amazon Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy", HTTPS.
 */
export async function shownCertificates(
  port: CertificatePort,
  region: string,
  publicNames: readonly string[],
  now = Date.now(),
): Promise<readonly ShownCertificate[]> {
  const names = publicNames.flatMap((name) => [name, regionalName(region, name)]);
  const shown = await Promise.all(names.map(async (name) => ({ name, arn: await port.shownBy(name) })));
  const arns = [...new Set(shown.flatMap(({ arn }) => arn ?? []))];
  const found = arns.map(async (arn) => {
    const detail = await port.describe(arn);
    if (detail === undefined) return [];
    const { NotAfter, RenewalSummary, Type, DomainName = '', SubjectAlternativeNames = [] } = detail;
    const covered = [DomainName, ...SubjectAlternativeNames];
    const own = shown.filter((each) => each.arn === arn).map(({ name }) => name);
    return [
      {
        arn,
        names: own,
        daysLeft: NotAfter === undefined ? 0 : Math.floor((NotAfter.getTime() - now) / DAY_MILLISECONDS),
        renewal: RenewalSummary?.RenewalStatus,
        uncovered: own.filter((name) => !covered.some((pattern) => covers(pattern, name))),
        isImported: Type === 'IMPORTED',
      },
    ];
  });
  return (await Promise.all(found)).flat();
}

/** What is to be said of a certificate. @param stage - for the commands that mend it */
export function judgeCertificate(certificate: ShownCertificate, region: string, stage: string): CertificateVerdict {
  const { names, daysLeft, renewal, uncovered, isImported } = certificate;
  const where = `the certificate of ${names.join(', ')} in ${region}`;
  if (uncovered.length > 0) {
    const fix = `Show one that covers ${uncovered.join(', ')}: ACM console in ${region}, then two-region params put ${stage} and deploy.`;
    return { outcome: 'fail', found: `${where} does not cover ${uncovered.join(', ')}`, fix };
  }
  const state = isImported ? 'imported, so ACM does not renew it' : `renewal: ${renewal ?? 'not due yet'}`;
  const left = daysLeft < 0 ? `ended ${-daysLeft} days ago` : `ends in ${daysLeft} days`;
  const found = `${where} ${left} (${state})`;
  const isLate = daysLeft <= WARNING_DAYS || renewal === 'FAILED';
  if (!isLate) return { outcome: 'ok', found };
  const fix = isImported
    ? `Import the next one under the same ARN: ACM console in ${region}, Reimport.`
    : `ACM renews what it can prove: write its records into the zone again (two-region deploy ${stage} --stack certificates, ` +
      `or the ACM console in ${region}, Create records in Route 53).`;
  return { outcome: daysLeft <= FAILURE_DAYS ? 'fail' : 'warn', found, fix };
}

/** Whether a certificate's name stands for a domain name. A wildcard stands for exactly one label. Source: RFC 6125, 6.4.3. */
export function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === name;
  return name.slice(name.indexOf('.') + 1) === pattern.slice(2);
}
