import type { LiveMessage } from '#local/control/live-schema.ts';
import { mayInvoke } from '#local/gateway/invoke-permission.ts';
import type { LambdaPermission, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import type { HealthChecks } from '#local/route53/health-checks.ts';
import type { LiveTarget } from './live-target.ts';

/** What `GET /live` answers. */
export function describeLive(options: {
  readonly target: Pick<LiveTarget, 'model' | 'targets'>;
  readonly healthChecks: Pick<HealthChecks, 'status'>;
  readonly isFailed: (region: RegionType) => boolean;
  readonly deployedAt: number;
}): LiveMessage {
  const { target, healthChecks, isFailed, deployedAt } = options;
  const model = target.model();
  const region = (type: RegionType) => ({ failed: isFailed(type), ...describeRegion(model.regions[type]) });
  return {
    stage: model.stage,
    deployedAt,
    targets: target.targets(),
    regions: { primary: region('primary'), secondary: region('secondary') },
    healthChecks: describeHealthChecks(model, healthChecks),
  };
}

function describeRegion({ region, restApis, httpApis = [], domains, functions }: RegionModel) {
  const apis = [
    ...restApis.map((api) => ({ kind: 'rest' as const, ...api })),
    ...httpApis.map((api) => ({ kind: 'http' as const, ...api })),
  ];
  const names = domains.flatMap(({ domainName, regionalDomainName, mappings }) => {
    const mapping = mappings.find(({ basePath }) => basePath === '' || basePath === '(none)');
    const api = apis.find(({ id }) => id === mapping?.apiId);
    if (!mapping || !api) return [];
    return [{ kind: api.kind, name: domainName, environment: mapping.stage, regionalHost: regionalDomainName }];
  });
  return {
    region,
    names,
    apis: apis.map(({ kind, id, name, stages }) => ({
      kind,
      id,
      name,
      stages: stages.map((stage) => ({
        name: stage.name,
        deploymentId: stage.deploymentId,
        ...('documentationVersion' in stage && { documentationVersion: stage.documentationVersion }),
      })),
    })),
    functions: functions.map(({ name, codeSha256, aliases, permissions }) => ({
      name,
      codeSha256,
      aliases: Object.fromEntries(aliases.map((alias) => [alias.name, alias.functionVersion])),
      invokers: Object.fromEntries(aliases.map((alias) => [alias.name, invokersOf(alias.name, permissions)])),
    })),
  };
}

function invokersOf(alias: string, permissions: readonly LambdaPermission[]): string[] {
  return permissions.filter((each) => each.qualifier === alias && mayInvoke(each)).map((each) => each.sourceArn ?? '*');
}

function describeHealthChecks({ dns }: LocalModel, healthChecks: Pick<HealthChecks, 'status'>) {
  return dns.healthChecks.flatMap(({ id, fqdn, resourcePath }) => {
    const state = healthChecks.status(id);
    return state ? [{ id, fqdn, resourcePath, status: state.status, reason: state.reason }] : [];
  });
}
