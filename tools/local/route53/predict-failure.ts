import type { Failure } from '#local/failure/failure.ts';
import type { PredictedFailure } from '#local/failure/failure-schema.ts';
import type { LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { executeApiHost } from '#stacks/settings/partitions.ts';
import { HEALTHY_SHARE, PLACES } from './places.ts';
import { endpointChecksOf, type Fault, predictRecovery } from './predictions.ts';
import { staysSilent } from './prober.ts';

/**
 * Share of the probes that must fail for a check to become unhealthy for certain, and up to which it never does: 16 probers, three in a row each,
 * simulated. Between them it is a matter of minutes.
 */
const CERTAINLY_NOTICED = 0.8;
const NEVER_NOTICED = 0.5;

/** What the health checks will make of a failure, and when. Seconds of this run. */
export function predictFailure(
  model: LocalModel,
  regionType: RegionType,
  { part, mode }: Failure,
  timeScale: number,
): PredictedFailure {
  const region = model.regions[regionType];
  const checks = checksOf(model, region);
  if (checks.length === 0) return unnoticed('no health check asks this region');
  if (part === 'certificate') return unnoticed('a health check does not validate certificates');
  const asking = checks.filter((check) => partsOf(region, check).includes(part));
  if (asking.length === 0) return unnoticed(`no health check asks anything that needs ${part}`);
  const noticed = (fault: Fault): PredictedFailure => ({
    noticed: true,
    fault,
    checks: asking.map(({ name }) => name),
    ...predictRecovery(model.dns, timeScale)[fault],
  });
  switch (mode.kind) {
    case 'drop':
      return noticed(
        part === 'region' || part === 'rest' || part === 'http' || part === 'domain' ? 'dropped' : 'silent',
      );
    case 'slow': {
      const silent = PLACES.filter((place) => staysSilent(mode.milliseconds, place, region.region)).length;
      const share = 1 - silent / PLACES.length;
      const many = `${Math.round(share * 100)} % of the checkers get a response in time, and more than 18 % are enough`;
      return share > HEALTHY_SHARE ? unnoticed(many) : noticed('silent');
    }
    case 'errors': {
      const percent = `${Math.round(mode.share * 100)} % of errors`;
      if (mode.share >= CERTAINLY_NOTICED) return noticed('refused');
      const rule =
        'a check is healthy while more than 18 % of its checkers say so, and each needs three failures in a row';
      if (mode.share <= NEVER_NOTICED) return unnoticed(`${percent} are too few: ${rule}`);
      return unnoticed(`${percent} may be noticed within minutes, or not: ${rule}`);
    }
    default:
      return noticed('refused');
  }
}

const unnoticed = (reason: string): PredictedFailure => ({ noticed: false, reason });

/** The endpoint checks that decide whether names lead to a region. */
function checksOf({ dns }: LocalModel, { domains }: RegionModel) {
  const targets = new Set(domains.map(({ regionalDomainName }) => regionalDomainName));
  const ids = new Set(
    dns.records.flatMap(({ aliasTarget = '', healthCheckId }) =>
      healthCheckId !== undefined && targets.has(aliasTarget) ? [healthCheckId] : [],
    ),
  );
  return [...ids].flatMap((id) => endpointChecksOf(dns, id));
}

/** What a response to a health check needs. */
function partsOf(region: RegionModel, check: ReturnType<typeof checksOf>[number]): readonly string[] {
  const { restApis, httpApis = [], domains, functions, tables, buckets } = region;
  const fqdn = check.fqdn.toLowerCase();
  const domain = domains.find(({ domainName, regionalDomainName }) =>
    [domainName.toLowerCase(), regionalDomainName.toLowerCase()].includes(fqdn),
  );
  const isOf = ({ id }: { readonly id: string }) =>
    executeApiHost(id, region.region) === fqdn || domain?.mappings.some(({ apiId }) => apiId === id) === true;
  const [rest, http] = [restApis.filter(isOf), httpApis.filter(isOf)];
  const apis = [...(rest.length > 0 ? ['rest'] : []), ...(http.length > 0 ? ['http'] : [])];
  const [path = ''] = check.resourcePath.split('?');
  const methods = rest.flatMap((api) => api.methods).filter((method) => path.endsWith(method.resourcePath));
  const routes = http
    .flatMap((api) => api.routes)
    .filter(({ routeKey }) => path.endsWith(routeKey.split(' ')[1] ?? ' '));
  const uris = [...methods, ...routes].map(({ integration }) => integration.uri);
  const responding = functions.filter(({ name }) => uris.some((uri) => uri.includes(`:function:${name}:`)));
  const values = check.resourcePath.includes('?shallow')
    ? []
    : responding.flatMap((each) => Object.values(each.environment));
  return [
    'region',
    ...apis,
    ...(domain ? ['domain'] : []),
    ...responding.map(({ name }) => `function:${name}`),
    ...tables.filter(({ name }) => values.includes(name)).map(({ name }) => `table:${name}`),
    ...buckets.filter(({ name }) => values.includes(name)).map(({ name }) => `bucket:${name}`),
  ];
}

/**
 * The part of a region that is meant: of functions, tables and buckets the end of the name is enough.
 *
 * @returns undefined for one that the region doesn't have
 */
export function findPart(region: RegionModel, given: string): string | undefined {
  const [kind = '', name] = given.split(':', 2);
  const candidates = partsIn(region);
  if (name === undefined) return candidates.find((part) => part === given);
  const ofKind = candidates.filter((part) => part.startsWith(`${kind}:`));
  const ending = ofKind.filter((part) => part.endsWith(`-${name}`) || part.includes(`-${name}-`));
  // Of `app-dev-user` and `app-dev-preview-user` the first is the user.
  const shortest = ending.sort((one, other) => one.length - other.length)[0];
  return ofKind.find((part) => part === given) ?? shortest;
}

/** All parts of a region that can be made to fail. */
export function partsIn({ functions, tables, buckets }: RegionModel): readonly string[] {
  return [
    ...['region', 'rest', 'http', 'domain', 'certificate', 'parameters'],
    ...functions.map(({ name }) => `function:${name}`),
    ...tables.map(({ name }) => `table:${name}`),
    ...buckets.map(({ name }) => `bucket:${name}`),
  ];
}
