import type { ApiKind, LiveFunction, LiveGatewayStage } from '#operator/live/live-region.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import type { RegionSources } from '#operator/live/read-region.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import type { ReleaseRecord } from '#stacks/release-record.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { localParameterValues } from '#stacks/settings/parameter-values.ts';

export interface FakedRegion {
  /** Where both public names lead. @default - not mapped */
  readonly target?: string;
  /** Environment → version of every function. @default - nothing is deployed */
  readonly versions?: Readonly<Record<string, string>>;
  /** Environments whose functions are pinned. @default - none */
  readonly pinned?: readonly string[];
  /** Environment → weights of every function's alias. @default - none */
  readonly weights?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Every question is answered with it. */
  readonly failure?: Error;
  /** Parameters that are not set. */
  readonly unset?: readonly string[];
  /** What the environments' stacks recorded. @default - nothing */
  readonly records?: readonly ReleaseRecord[];
  /** Roles that are gone. @default - none */
  readonly lostRoles?: readonly string[];
  /** Routes that the gateways serve. @default - AWS does not tell */
  readonly routes?: readonly string[];
  /** APIs that no health check asks. @default - none */
  readonly unchecked?: readonly ApiKind[];
  /** No health checker gets a response. @default false */
  readonly unhealthy?: boolean;
}

const settings = loadSettings('settings.conf');
export const context: StageContext = { settings, stage: 'dev' };

const CREATED = new Date('2026-01-01T00:00:00Z');

/** AWS without AWS. Version n was made on the n-th of January. */
export function fakedLive(regions: Readonly<Partial<Record<RegionType, FakedRegion>>> = {}): LiveSources {
  const primary = regions.primary ?? {};
  const secondary = regions.secondary ?? {};
  const checks = Object.entries({ 'eu-central-1': primary, 'eu-west-1': secondary }).flatMap(([region, faked]) => {
    const kinds = (['rest', 'http'] as const).filter((kind) => !faked.unchecked?.includes(kind));
    return kinds.map((kind) => ({
      id: `${region} ${kind}`,
      fqdn: `${region}.${kind === 'rest' ? REAL.domain_name : REAL.events_domain_name}`,
      resourcePath: kind === 'rest' ? '/healthcheck?shallow=true' : '/events/healthcheck?shallow=true',
    }));
  });
  return {
    regions: { primary: sources(primary, 'eu-central-1'), secondary: sources(secondary, 'eu-west-1') },
    health: {
      endpointChecks: async () => checks,
      observations: async (id) => {
        const isUnhealthy = id.startsWith('eu-central-1') ? primary.unhealthy : secondary.unhealthy;
        return [isUnhealthy ? 'Failure: connection refused' : 'Success: HTTP Status Code 200'];
      },
    },
  };
}

function sources(faked: FakedRegion, region: string): RegionSources {
  const {
    target,
    versions = {},
    weights = {},
    pinned = [],
    failure,
    unset = [],
    records = [],
    lostRoles = [],
    routes,
  } = faked;
  const answer = async <T>(value: T): Promise<T> => {
    if (failure) throw failure;
    return value;
  };
  const stages = new Map<string, LiveGatewayStage>(
    Object.keys(versions).map((name) => [name, { deploymentId: 'd', created: CREATED, contentHash: 'same' }]),
  );
  const aliases = new Map<string, LiveFunction>(
    Object.entries(versions).map(([name, version]) => [
      name,
      {
        version,
        codeSha256: `sha of ${version}`,
        modified: new Date(Date.UTC(2026, 0, Number(version) || 1)),
        isPinned: pinned.includes(name),
        ...(weights[name] && { weights: weights[name] }),
      },
    ]),
  );
  const parameters = new Map(Object.entries({ ...localParameterValues(settings), ...REAL }));
  for (const name of unset) parameters.delete(name);
  return {
    port: {
      mappedStage: () => answer(target),
      apiId: (kind) => answer(`${kind}-id`),
      stages: () => answer(stages),
      aliases: () => answer(aliases),
      invokers: (_, alias) => answer([`arn:aws:execute-api:eu-central-1:123456789012:*/${alias}/*`]),
      routes: () => answer(routes && new Set(routes)),
      hasRole: (name) => answer(!lostRoles.includes(name)),
    },
    records: () => answer(records),
    parameters: { region, readAll: () => answer(parameters), write: async () => undefined },
  };
}

/** Values that pass the check of parameters. */
const REAL = {
  domain_name: 'api.example.com',
  events_domain_name: 'events.example.com',
  hosted_zone_id: 'Z0123456789ABCDEFGHIJ',
  certificate_arn_primary: 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  certificate_arn_secondary: 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
};
