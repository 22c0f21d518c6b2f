import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import type { LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import type { HealthChecks } from '#local/route53/health-checks.ts';
import { EvaluationError } from '#local/terraform/addressed-error.ts';
import { TargetError } from './target-error.ts';
import type { PartResources, TargetParts } from './target-parts.ts';

/** Which environment receives live traffic, and how that changes while the runtime runs. */
export interface LiveTarget {
  /** The model as it is served now. */
  model(): LocalModel;
  /** Part of the stage → environment that it leads to. */
  targets(): Readonly<Record<string, string>>;
  /**
   * Makes one part lead to another environment: all of its domains and health checks at once, between two requests. What is under way ends
   * where it began; connections, counters of usage plans and verdicts of health checks stay.
   *
   * @param propagation - milliseconds in which requests by the names of the domains move one after the other. @default 0
   * @throws TargetError
   */
  move(part: string, environment: string, propagation?: number): void;
}

export interface LiveTargetOptions {
  readonly model: LocalModel;
  readonly parts: TargetParts;
  readonly gateways: Readonly<Record<RegionType, readonly Pick<RegionalGateway, 'failed' | 'setDomains'>[]>>;
  readonly healthChecks: Pick<HealthChecks, 'update'>;
  readonly log: RuntimeLog;
}

export function createLiveTarget({ parts, gateways, healthChecks, log, ...start }: LiveTargetOptions): LiveTarget {
  let { model } = start;
  let targets = parts.initial;

  /** A region that has failed takes no changes either: its control plane is part of it. */
  const requireAnswering = (part: string, { domains }: PartResources) => {
    for (const { type, region } of Object.values(model.regions)) {
      const isThere = domains.some((domain) => domain.region === region);
      if (!isThere || !gateways[type].some((gateway) => gateway.failed())) continue;
      throw new TargetError(
        'unavailable',
        `${part} cannot be changed: the ${type} region ${region} does not answer. First: two-region local recover ${type}`,
      );
    }
  };

  return {
    model: () => model,
    targets: () => targets,
    move: (part, environment, propagation) => {
      const from = Object.hasOwn(targets, part) ? targets[part] : undefined;
      if (from === undefined) throw unknownPart(part, Object.keys(targets));
      if (from === environment) return;
      const next = { ...targets, [part]: environment };
      const resources = evaluated(parts, part, next);
      requireAnswering(part, resources);
      const before = model;
      model = withPart(model, resources);
      targets = next;
      for (const { type, domains } of Object.values(model.regions)) {
        if (before.regions[type].domains === domains) continue;
        for (const gateway of gateways[type]) gateway.setDomains(domains, propagation);
      }
      healthChecks.update(model.dns.healthChecks);
      log.write({ kind: 'control', time: Date.now(), action: 'move', part, from, to: environment });
    },
  };
}

function evaluated(parts: TargetParts, part: string, targets: Readonly<Record<string, string>>): PartResources {
  try {
    return parts.evaluate(part, targets);
  } catch (error) {
    if (error instanceof EvaluationError) throw new TargetError('invalid', error.failures.join('\n'));
    throw error;
  }
}

function unknownPart(part: string, known: readonly string[]): TargetError {
  const allowed = known.length === 0 ? 'none: no stack declares the variable target_env' : known.join(', ');
  return new TargetError('unknown', `got the part ${JSON.stringify(part)}, allowed: ${allowed}.`);
}

/** The model with a part's domains and health checks in the place of those with the same names and ids. A region that has none stays the same. */
function withPart(model: LocalModel, { domains, healthChecks }: PartResources): LocalModel {
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
