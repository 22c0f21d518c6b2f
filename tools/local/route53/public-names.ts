import type { LocalModel } from '../model/model.ts';

/** Names with alias records that lead to a REST API's custom domain in both regions, in the order of the records. */
export function restNames({ dns, regions }: LocalModel): string[] {
  const served = Object.values(regions).map(
    ({ domains, restApis }) =>
      new Set(
        domains
          .filter((domain) => domain.mappings.some(({ apiId }) => restApis.some(({ id }) => id === apiId)))
          .map((domain) => domain.domainName),
      ),
  );
  const names = new Set(dns.records.filter(({ aliasTarget }) => aliasTarget).map(({ name }) => name));
  return [...names].filter((name) => served.every((inRegion) => inRegion.has(name)));
}
