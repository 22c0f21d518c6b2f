import type { Construct } from 'constructs';
import { DnsValidatedCertificates } from '#constructs/dns-validated-certificates.ts';
import type { RegionType, StageContext } from './context.ts';
import { stageParameter } from './stage-parameter.ts';
import { addProvider, createStack } from './stage-stack.ts';

/** What the `certificates` stack offers to the entries: the ARN of the HTTP API's certificate in each region. */
export type Certificates = Readonly<Record<RegionType, string>>;

/**
 * `<stage>-certificates`: the certificates of the HTTP API's public name in both regions and the one record that both are validated by.
 * Values are the secondary region's, as of everything that is global.
 */
export function createCertificatesStack(scope: Construct, context: StageContext): Certificates {
  const { primaryRegion, secondaryRegion } = context.settings;
  const { stack, provider } = createStack(scope, context, 'certificates', secondaryRegion);
  return new DnsValidatedCertificates(stack, 'events', {
    domainName: stageParameter(stack, context, 'events_domain_name'),
    hostedZoneId: stageParameter(stack, context, 'hosted_zone_id'),
    providers: { primary: addProvider(stack, context, primaryRegion, 'primary'), secondary: provider },
  }).certificateArns;
}
