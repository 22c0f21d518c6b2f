/** One of the places that Route 53's health checkers stand in. */
export interface Place {
  /** AWS region. */
  readonly region: string;
}

/**
 * Two probers in each of the eight regions that Route 53 checks from unless a health check names others. AWS publishes no number of probers; 16
 * fits what a check's statuses list.
 *
 * Source: Amazon Route 53 API Reference, "HealthCheckConfig", `Regions`.
 */
export const PLACES: readonly Place[] = [
  'us-east-1',
  'eu-west-1',
  'ap-southeast-1',
  'us-west-2',
  'sa-east-1',
  'ap-northeast-1',
  'us-west-1',
  'ap-southeast-2',
].flatMap((region) => [{ region }, { region }]);

/** A check is healthy while more than this share of its probers says so ("How Route 53 determines whether a health check is healthy"). */
export const HEALTHY_SHARE = 0.18;

/** Milliseconds there and back between continents, both ways round; rough figures of what public measurements show. */
const ROUND_TRIPS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ap: { ap: 90, eu: 200, sa: 300, us: 170 },
  eu: { eu: 25, sa: 200, us: 110 },
  sa: { sa: 5, us: 130 },
  us: { us: 60 },
};
const UNKNOWN_ROUND_TRIP = 200;

/** Milliseconds that a packet takes from a place to a region and back. */
export function roundTrip({ region: place }: Place, region: string): number {
  const [from, to] = [place.slice(0, 2), region.slice(0, 2)];
  return ROUND_TRIPS[from]?.[to] ?? ROUND_TRIPS[to]?.[from] ?? UNKNOWN_ROUND_TRIP;
}
