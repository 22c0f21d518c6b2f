import type { RegionType } from '#stacks/context.ts';
import { type Charge, chargesOf, type Load } from './charges.ts';
import type { CostedResource } from './costed-resources.ts';
import { CHECKERS, MONTH_HOURS, PRICES, type PricedRegion, type PriceItem, unitPrice } from './prices.ts';
import type { Usage } from './usage.ts';

/** How a stage could stand in two regions. `warm-standby` is what it is with failover records. */
export const POSTURES = ['one-region', 'pilot-light', 'warm-standby', 'both-active'] as const;

export type Posture = (typeof POSTURES)[number];

/** What a stage may have beside its APIs. */
export const EXTRAS = ['edge', 'container', 'nat', 'provisioned'] as const;

export type Extra = (typeof EXTRAS)[number];

/** One item in one region. */
export interface CostLine {
  readonly service: string;
  readonly item: PriceItem;
  readonly unit: string;
  readonly regionType: RegionType;
  readonly quantity: number;
  /** US dollars of one unit. */
  readonly unitPrice: number;
  /** US dollars a month. */
  readonly dollars: number;
}

export interface Estimate {
  readonly dollars: number;
  /** The most expensive first. */
  readonly lines: readonly CostLine[];
  /** Types without a known price → how many there are. */
  readonly unpriced: Readonly<Record<string, number>>;
}

export interface EstimateInput {
  readonly resources: readonly CostedResource[];
  readonly usage: Usage;
  /** Where prices are taken from, by region. */
  readonly regions: Readonly<Record<RegionType, PricedRegion>>;
  readonly posture: Posture;
  /** @default none */
  readonly extras?: readonly Extra[];
}

/** One item in one region, as it was and as it will be. US dollars a month. */
export interface CostChange {
  readonly service: string;
  readonly item: PriceItem;
  readonly regionType: RegionType;
  readonly before: number;
  readonly after: number;
}

/** The items whose cost differs, by more than rounding; what changes the most first. */
export function costChanges(before: Estimate, after: Estimate): readonly CostChange[] {
  const keyOf = ({ regionType, item }: CostLine) => `${regionType} ${item}`;
  const lines = new Map([...before.lines, ...after.lines].map((line) => [keyOf(line), line]));
  const dollarsOf = ({ lines: all }: Estimate, key: string) => all.find((line) => keyOf(line) === key)?.dollars ?? 0;
  return [...lines]
    .map(([key, { service, item, regionType }]) => ({
      service,
      item,
      regionType,
      before: dollarsOf(before, key),
      after: dollarsOf(after, key),
    }))
    .filter((change) => Math.abs(change.after - change.before) >= 0.005)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
}

/** The monthly cost of a stage in a posture, in list prices. */
export function estimate({ resources, usage, regions, posture, extras = [] }: EstimateInput): Estimate {
  const kept = [...resources, ...extraResources(resources, extras)].filter((resource) => isKept(resource, posture));
  const load: Load = { usage, ...sharesOf(posture), checks: checksOf(kept) };
  const unpriced: Record<string, number> = {};
  const charges: Charge[] = kept.some(({ type }) => type === 'aws_cloudfront_distribution')
    ? []
    : transferOut(usage, load);
  for (const resource of kept) {
    const found = chargesOf(resource, load);
    if (found) charges.push(...found);
    else unpriced[resource.type] = (unpriced[resource.type] ?? 0) + 1;
  }
  const lines = summed(charges)
    .map(({ item, quantity, regionType }) => {
      const price = unitPrice(item, regions[regionType]);
      const { service, unit } = PRICES[item];
      return { service, item, unit, regionType, quantity, unitPrice: price, dollars: quantity * price };
    })
    .sort((a, b) => b.dollars - a.dollars);
  return { dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0), lines, unpriced };
}

function sharesOf(posture: Posture): Pick<Load, 'share' | 'copies'> {
  if (posture === 'one-region') return { share: { primary: 1, secondary: 0 }, copies: ['primary'] };
  const copies: readonly RegionType[] = ['primary', 'secondary'];
  return { share: posture === 'both-active' ? { primary: 0.5, secondary: 0.5 } : { primary: 1, secondary: 0 }, copies };
}

/** One region has no second stack and nobody who asks it; a pilot light has the data and the packages there, and no API to ask. */
function isKept({ type, path, kind, regionType }: CostedResource, posture: Posture): boolean {
  if (posture === 'warm-standby' || posture === 'both-active') return true;
  const ofSecondary = regionType === 'secondary' || /[/-]secondary-/.test(path);
  if (posture === 'one-region') return !ofSecondary && type !== 'aws_route53_health_check';
  return !ofSecondary || kind === 'base' || kind === 'account';
}

function checksOf(resources: readonly CostedResource[]): Load['checks'] {
  const checks = { rest: { primary: 0, secondary: 0 }, http: { primary: 0, secondary: 0 } };
  for (const { type, path, config } of resources) {
    // A control check asks S3, not the API.
    if (type !== 'aws_route53_health_check' || !/^HTTPS?$/.test(String(config.type))) continue;
    // Those of the container API ask a load balancer, which charges for the hour.
    if (/\/container-(?:primary|secondary)-/.test(path)) continue;
    const interval = config.request_interval === 10 ? 10 : 30;
    const [, events, regionType] = /\/(events-)?(primary|secondary)-/.exec(path) ?? [];
    const ofApi = checks[events === undefined ? 'rest' : 'http'];
    ofApi[regionType === 'secondary' ? 'secondary' : 'primary'] += (CHECKERS / interval) * MONTH_HOURS * 3600;
  }
  return checks;
}

/** What clients get leaves a region; to CloudFront, which charges for what leaves it, the way is free. */
function transferOut(usage: Usage, { share, copies }: Load): Charge[] {
  const gb = usage.aws_data_transfer?.monthly_outbound_internet_gb ?? 0;
  return copies.flatMap((regionType) =>
    share[regionType] > 0 ? [{ item: 'transfer-out' as const, quantity: gb * share[regionType], regionType }] : [],
  );
}

function summed(charges: readonly Charge[]): Charge[] {
  const totals = new Map<string, Charge>();
  for (const charge of charges) {
    const key = `${charge.regionType} ${charge.item}`;
    totals.set(key, { ...charge, quantity: charge.quantity + (totals.get(key)?.quantity ?? 0) });
  }
  return [...totals.values()];
}

/** Typical resources of each extra that the stage does not have: what it would be charged for. */
function extraResources(present: readonly CostedResource[], extras: readonly Extra[]): CostedResource[] {
  const types = new Set(present.map(({ type }) => type));
  return extras.flatMap((extra) => EXTRA_RESOURCES[extra](present)).filter(({ type }) => !types.has(type));
}

const REGION_TYPES: readonly RegionType[] = ['primary', 'secondary'];

const EXTRA_RESOURCES: Readonly<Record<Extra, (present: readonly CostedResource[]) => CostedResource[]>> = {
  edge: () => [typical('aws_cloudfront_distribution', 'edge', 'primary', {})],
  container: () =>
    REGION_TYPES.flatMap((regionType) => [
      typical('aws_lb', 'container', regionType, {}),
      typical('aws_ecs_service', 'container', regionType, { desired_count: 2, cpu: 512, memory: 1024 }),
      typical('aws_ecr_repository', 'container', regionType, {}),
    ]),
  nat: () =>
    REGION_TYPES.flatMap((regionType) => [1, 2, 3].map(() => typical('aws_nat_gateway', 'container', regionType, {}))),
  provisioned: (present) =>
    present
      .filter(({ type }) => type === 'aws_lambda_function')
      .map(({ regionType }) =>
        typical('aws_lambda_provisioned_concurrency_config', 'api', regionType, {
          provisioned_concurrent_executions: 1,
        }),
      ),
};

function typical(
  type: string,
  kind: string,
  regionType: RegionType,
  config: Readonly<Record<string, unknown>>,
): CostedResource {
  return { type, name: 'typical', path: `${kind}-${regionType}/typical`, kind, regionType, hasTraffic: true, config };
}
