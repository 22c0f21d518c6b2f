import type { Construct } from 'constructs';
import { DnsValidatedCertificates } from '#constructs/certificates/dns-validated-certificates.ts';
import { RegionalCertificate } from '#constructs/certificates/regional-certificate.ts';
import { regionalName } from '#contract/regional-name.ts';
import { inRegion, type RegionType, type StageContext } from './context.ts';
import { CONTAINER } from './naming.ts';
import { stageParameter } from './stage-parameter.ts';
import { addProvider, createStack } from './stage-stack.ts';

/** What the `certificates` stack offers to the entry of a region: ARNs of certificates that are issued there. */
export interface RegionCertificates {
  /** Of the HTTP API's public name. */
  readonly http: string;
  /** Of the region's own names. */
  readonly regional: string;
}

/** Likewise to the container API of a region. */
export interface ContainerCertificates {
  readonly publicName: string;
  /** Of the region's own name. */
  readonly regional: string;
}

export interface Certificates extends Readonly<Record<RegionType, RegionCertificates>> {
  /** @default - there is no container API */
  readonly container?: Readonly<Record<RegionType, ContainerCertificates>>;
}

/**
 * `<stage>-certificates`: the certificates of the HTTP API's public name and of each region's own names, and the records that they are proved
 * by, which no other stack reads: a switch asks neither ACM nor Route 53. Values are the secondary region's, as of everything that is global.
 */
export function createCertificatesStack(scope: Construct, context: StageContext): Certificates {
  const { primaryRegion, secondaryRegion } = context.settings;
  const { stack, provider } = createStack(scope, context, 'certificates', secondaryRegion);
  const providers = { primary: addProvider(stack, context, primaryRegion, 'primary'), secondary: provider };
  const restName = stageParameter(stack, context, 'domain_name');
  const httpName = stageParameter(stack, context, 'events_domain_name');
  const hostedZoneId = stageParameter(stack, context, 'hosted_zone_id');
  const events = new DnsValidatedCertificates(stack, 'events', { domainName: httpName, hostedZoneId, providers });
  const of = (regionType: RegionType): RegionCertificates => {
    const { region } = inRegion(context, regionType);
    const { certificateArn } = new RegionalCertificate(stack, `regional-${regionType}`, {
      provider: providers[regionType],
      hostedZoneId,
      proved: { domainName: httpName, recordFqdn: events.recordFqdn },
      names: { rest: regionalName(region, restName), http: regionalName(region, httpName) },
    });
    return { http: events.certificateArns[regionType], regional: certificateArn };
  };
  const certificates = { primary: of('primary'), secondary: of('secondary') };
  if (!context.settings.container.isActive) return certificates;
  const name = stageParameter(stack, context, 'container_domain_name');
  const issued = new DnsValidatedCertificates(stack, CONTAINER, { domainName: name, hostedZoneId, providers });
  const ofContainer = (regionType: RegionType): ContainerCertificates => {
    const { certificateArn } = new RegionalCertificate(stack, `${CONTAINER}-regional-${regionType}`, {
      provider: providers[regionType],
      hostedZoneId,
      proved: { domainName: name, recordFqdn: issued.recordFqdn },
      names: { [CONTAINER]: regionalName(inRegion(context, regionType).region, name) },
    });
    return { publicName: issued.certificateArns[regionType], regional: certificateArn };
  };
  return { ...certificates, container: { primary: ofContainer('primary'), secondary: ofContainer('secondary') } };
}
