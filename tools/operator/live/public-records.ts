import { ListResourceRecordSetsCommand, type ResourceRecordSet, type Route53Client } from '@aws-sdk/client-route-53';
import type { RegionType, StageContext } from '#stacks/context.ts';

/** How DNS chooses between the regions for a public name, as Route 53 has it now. */
export interface LiveRouting {
  /** `api.example.com` */
  readonly name: string;
  readonly policy: 'failover' | 'latency' | 'weighted';
  /** The region that the PRIMARY record leads to. Absent: the policy knows none, or the record leads elsewhere. */
  readonly active?: RegionType;
  /** The records lead to a distribution of CloudFront. @default false */
  readonly leadsToEdge?: boolean;
}

/**
 * Reads the records of public names for IPv4; those for IPv6 are their twins.
 *
 * @returns nothing for a name that has no records, or only some that no policy chooses among
 *
 * Source: Amazon Route 53 API Reference, "ListResourceRecordSets", StartRecordName and StartRecordType.
 */
export async function readRouting(
  context: StageContext,
  client: Route53Client,
  zoneId: string,
  names: readonly string[],
): Promise<readonly LiveRouting[]> {
  const read = async (name: string): Promise<readonly LiveRouting[]> => {
    const command = new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: 'A',
      MaxItems: MOST_RECORDS,
    });
    const { ResourceRecordSets = [] } = await client.send(command);
    const own = ResourceRecordSets.filter(({ Name, Type }) => Name === `${name}.` && Type === 'A');
    const [policy] = own.flatMap((record) => policyOf(record) ?? []);
    if (policy === undefined) return [];
    const first = own.find(({ Failover }) => Failover === 'PRIMARY');
    const active = first && regionOf(context, first.AliasTarget?.DNSName ?? '');
    const leadsToEdge = own.some(({ AliasTarget }) => /\.cloudfront\.net\.?$/.test(AliasTarget?.DNSName ?? ''));
    return [{ name, policy, ...(active && { active }), ...(leadsToEdge && { leadsToEdge }) }];
  };
  return (await Promise.all(names.map(read))).flat();
}

/** A name has two, and those of the next name may follow. */
const MOST_RECORDS = 10;

function policyOf({ Failover, Weight, Region }: ResourceRecordSet): LiveRouting['policy'] | undefined {
  if (Failover !== undefined) return 'failover';
  if (Weight !== undefined) return 'weighted';
  return Region === undefined ? undefined : 'latency';
}

/** The host of a custom domain is of its region: `d-a1b2c3.execute-api.eu-central-1.amazonaws.com`. */
function regionOf({ settings }: StageContext, host: string): RegionType | undefined {
  if (host.includes(`.${settings.primaryRegion}.`)) return 'primary';
  return host.includes(`.${settings.secondaryRegion}.`) ? 'secondary' : undefined;
}
