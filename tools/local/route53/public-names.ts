import type { LocalModel, RegionModel } from '../model/model.ts';

/** The kinds of API Gateway's APIs that the runtime serves. */
export type ApiKind = 'http' | 'rest';

/** The first name with alias records that lead to an API of this kind in both regions; undefined: there is none. */
export function publicNameOf({ dns, regions }: LocalModel, kind: ApiKind): string | undefined {
  const served = Object.values(regions).map((region) => domainNamesOf(region, kind));
  const record = dns.records.find(
    ({ name, aliasTarget }) => aliasTarget && served.every((inRegion) => inRegion.has(name)),
  );
  return record?.name;
}

function domainNamesOf({ domains, restApis, httpApis = [] }: RegionModel, kind: ApiKind): ReadonlySet<string> {
  const ids = new Set((kind === 'rest' ? restApis : httpApis).map(({ id }) => id));
  const mapped = domains.filter(({ mappings }) => mappings.some(({ apiId }) => ids.has(apiId)));
  return new Set(mapped.map(({ domainName }) => domainName));
}
