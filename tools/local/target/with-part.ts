import type { LocalModel, RegionModel } from '#local/model/model.ts';
import type { PartResources } from './target-parts.ts';

/** The model with a part's domains and health checks in the place of those with the same names and ids. A region that has none stays the same. */
export function withPart(model: LocalModel, { domains, healthChecks }: PartResources): LocalModel {
  const change = (region: RegionModel): RegionModel => {
    const changed = new Map(
      domains
        .filter((domain) => domain.region === region.region)
        .map(({ region: _, ...domain }) => [domain.domainName, domain]),
    );
    if (changed.size === 0) return region;
    return { ...region, domains: region.domains.map((domain) => changed.get(domain.domainName) ?? domain) };
  };
  const checks = new Map(healthChecks.map((check) => [check.id, check]));
  const { primary, secondary } = model.regions;
  return {
    ...model,
    regions: { primary: change(primary), secondary: change(secondary) },
    dns: { ...model.dns, healthChecks: model.dns.healthChecks.map((check) => checks.get(check.id) ?? check) },
  };
}
