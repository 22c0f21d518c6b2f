import { Route53Client } from '@aws-sdk/client-route-53';
import { originName } from '#contract/edge-pattern.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { type LiveRouting, readRouting } from '#operator/live/public-records.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import { activeRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { Settings } from '#stacks/settings/settings.ts';

/** What is asked of a stage whose settings may send traffic elsewhere than its records do. */
export interface RoutingSources {
  /** How the public names are led now; nothing before the first deploy. */
  readonly live: () => Promise<readonly LiveRouting[]>;
  /** Whether traffic keeps away from a region by the word of the other one. */
  readonly isAwayFrom: (region: RegionType) => Promise<boolean>;
}

/**
 * Why the stacks of a stage must not be applied as the settings have them: they would move live traffic, or Route 53 would refuse them.
 *
 * The region that is active is changed while traffic is in the other one already, moved by `route-away`, which drains, predicts, watches and is taken back
 * by one object. Then the records follow without a request noticing, and the function that holds traffic in the region that stands by finds nothing to hold
 * there: it is deployed before the records.
 *
 * @returns undefined: nothing of the kind
 */
export async function routingProblem(
  { settings, stage }: StageContext,
  { live, isAwayFrom }: RoutingSources,
): Promise<string | undefined> {
  const names = await live();
  const ofEdge = edgeProblem(settings, stage, names);
  if (ofEdge !== undefined) return ofEdge;
  const other = names.find(({ policy }) => policy !== settings.routingPolicy);
  if (other !== undefined) return anotherPolicy(settings.routingPolicy, other);
  const wanted = activeRegion(settings);
  const from = names.flatMap(({ active }) => (active === undefined || active === wanted ? [] : [active]))[0];
  if (wanted === undefined || from === undefined || (await isAwayFrom(from))) return undefined;
  return (
    `ACTIVE_REGION is "${wanted}", and the public names of ${stage} lead to the ${from} region while that is healthy: live traffic would move, which no deploy does. ` +
    `First: two-region route-away ${stage} ${from} --drain, then this again, then two-region route-back ${stage} ${from}. ` +
    'See docs/operations.md, "Live in the other region for a week".'
  );
}

/**
 * Names that lead to CloudFront stay there until the settings have said so by a deploy of their own: an edge that goes with the same deploy would take its
 * origins' records from clients who still have its address; regions that refuse what does not come through it would refuse those who are not led there yet.
 */
function edgeProblem({ edge }: Settings, stage: string, live: readonly LiveRouting[]): string | undefined {
  const there = live.find(({ leadsToEdge }) => leadsToEdge);
  if (edge.state === 'none' && there !== undefined) {
    return (
      `EDGE is "none", and ${there.name} leads to CloudFront, whose origin would be gone before its clients. ` +
      `First: EDGE="standby", two-region deploy ${stage}, and a minute for those who have its address. See docs/edge.md, "And back".`
    );
  }
  const outside = live.find(({ name, leadsToEdge }) => !leadsToEdge && !name.startsWith(originName('')));
  if (edge.bypass === 'closed' && outside !== undefined) {
    return (
      `EDGE_BYPASS is "closed", and ${outside.name} leads to the regions, which would refuse whoever comes there. ` +
      `First: EDGE="active" with EDGE_BYPASS="open", two-region deploy ${stage}, and a minute for those who have the regions' addresses.`
    );
  }
  return undefined;
}

/** @throws RefusedError while a public name leads to a distribution that is to go */
export function requireUnusedEdge(stage: string, live: readonly LiveRouting[]): void {
  const there = live.find(({ leadsToEdge }) => leadsToEdge);
  if (there === undefined) return;
  throw new RefusedError(
    `Nothing was destroyed, as ${there.name} leads to CloudFront. First: EDGE="standby", two-region deploy ${stage}, and a minute for those who have its address.`,
  );
}

/**
 * Where the records of the public names are not what the settings say, whether or not they may be deployed now.
 *
 * @returns one sentence for the names that are not, with the command that makes them
 */
export function recordsBehind({ settings, stage }: StageContext, live: readonly LiveRouting[]): readonly string[] {
  const wanted = activeRegion(settings);
  const isWrong = ({ name, leadsToEdge = false }: LiveRouting) =>
    !name.startsWith(originName('')) && leadsToEdge !== (settings.edge.state === 'active');
  const astray = live.filter(isWrong).map(({ name }) => name);
  if (astray.length > 0) {
    const where = settings.edge.state === 'active' ? 'the regions' : 'CloudFront';
    return [
      `EDGE is "${settings.edge.state}", and ${astray.join(' and ')} ${astray.length > 1 ? 'lead' : 'leads'} to ${where}. What comes first, if anything, says: two-region deploy ${stage} --plan`,
    ];
  }
  const behind = live.filter(
    ({ policy, active }) => policy !== settings.routingPolicy || (active !== undefined && active !== wanted),
  );
  const [first] = behind;
  if (first === undefined) return [];
  const names = behind.map(({ name }) => name).join(' and ');
  const says =
    first.policy === settings.routingPolicy
      ? `ACTIVE_REGION is "${settings.activeRegion}", and they lead to the ${first.active} region while that is healthy`
      : `ROUTING_POLICY is "${settings.routingPolicy}", and they are ${first.policy} records`;
  return [
    `The records of ${names} are not what settings.conf says: ${says}. What comes first, if anything, says: two-region deploy ${stage} --plan --only base routing observability`,
  ];
}

function anotherPolicy(wanted: string, { name, policy }: LiveRouting): string {
  return (
    `ROUTING_POLICY is "${wanted}", and the records of ${name} are ${policy} records: Route 53 refuses records of two policies under one name, and Terraform changes them one by one, ` +
    'so that each change would fail. All records of the public names are changed in one batch first: see docs/operations.md, "Another routing policy".'
  );
}

/** A stage on AWS: Route 53, and the buckets in which the regions say it. Nothing is asked yet. */
export function awsRouting(context: StageContext): RoutingSources {
  const stores = awsStores(context);
  return {
    live: async () => {
      const values = await Promise.any([stores.secondary, stores.primary].map((store) => store.readAll()));
      const zoneId = values.get('hosted_zone_id');
      const published = ['domain_name', 'events_domain_name'].flatMap((name) => values.get(name) ?? []);
      // With an edge the names of its origins have the records that say which region is active.
      const hasEdge = context.settings.edge.state !== 'none';
      const names = hasEdge ? [...published, ...published.map(originName)] : published;
      if (zoneId === undefined) return [];
      const client = new Route53Client(clientSettings(accessOf(context), context.settings.secondaryRegion));
      return readRouting(context, client, zoneId, names);
    },
    isAwayFrom: async (region) => {
      const { stores: routes } = awsRoutePlace(context);
      const { document } = await routes[region === 'primary' ? 'secondary' : 'primary'].read();
      return document.route === 'away';
    },
  };
}
