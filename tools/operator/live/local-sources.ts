import type { ControlClient } from '#local/control/client.ts';
import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';
import { FailedRegionError } from '#operator/regions/region-gone.ts';
import type { RegionType } from '#stacks/context.ts';
import { parseRelease, type ReleaseRecord } from '#stacks/release-record.ts';
import { type ApiKind, contentHashOf } from './live-region.ts';
import type { LiveSources } from './open-live.ts';
import type { RegionSources } from './read-region.ts';

/** What one region of the running runtime is now. @throws FailedRegionError */
export async function liveRegion(
  control: Pick<ControlClient, 'regions'>,
  regionType: RegionType,
): Promise<RegionMessage> {
  const region = (await control.regions()).regions[regionType];
  if (region.failed) throw new FailedRegionError(regionType);
  return region;
}

/** The running local runtime in the place of AWS. */
export function localLiveSources(control: Pick<ControlClient, 'regions'>): LiveSources {
  return {
    regions: { primary: sources(control, 'primary'), secondary: sources(control, 'secondary') },
    health: {
      endpointChecks: async () => (await control.regions()).healthChecks,
      observations: async (id) =>
        (await control.regions()).healthChecks
          .filter((check) => check.id === id)
          .map(({ status, reason }) => `${status === 'healthy' ? 'Success' : 'Failure'}: ${reason}`),
    },
  };
}

const PARAMETER_OF = { rest: 'domain_name', http: 'events_domain_name' } as const;

function sources(control: Pick<ControlClient, 'regions'>, regionType: RegionType): RegionSources {
  const ask = () => liveRegion(control, regionType);
  const made = async () => (await control.regions()).environments;
  return {
    port: {
      mappedStage: async (kind, domainName) =>
        (await ask()).names.find((each) => each.kind === kind && each.name === domainName)?.environment,
      apiId: async (kind, apiName) => (await ask()).apis.find((api) => api.kind === kind && api.name === apiName)?.id,
      stages: async (kind, apiId) => new Map(stagesOf(await ask(), kind, apiId, await made())),
      invokers: async (functionName, alias) =>
        (await ask()).functions.find(({ name }) => name === functionName)?.invokers[alias] ?? [],
      routes: async (kind, apiId, stage) => {
        const stages = (await ask()).apis.find((api) => api.kind === kind && api.id === apiId)?.stages ?? [];
        return new Set(stages.find(({ name }) => name === stage)?.routes);
      },
      // It is what the stacks say, and cannot be lost.
      hasRole: async () => true,
      aliases: async (functionName) => new Map(aliasesOf(await ask(), functionName, await made())),
    },
    records: async () => releaseRecords(await ask(), await made()),
    deployed: async () => (await ask()).functions.map(({ name }) => name),
    parameters: {
      region: regionType,
      // The names that are served: parameters that are changed meanwhile take effect at the next start.
      readAll: async () => {
        await ask();
        return new Map((await control.regions()).publicNames.map(({ kind, name }) => [PARAMETER_OF[kind], name]));
      },
      write: async () => {
        throw new Error('Parameters of the local runtime are set by `two-region params put --local`.');
      },
    },
  };
}

type Made = RegionsMessage['environments'];

function madeAt(made: Made, environment: string): Date {
  return new Date(made[environment]?.deployedAt ?? 0);
}

function stagesOf({ apis }: RegionMessage, kind: ApiKind, apiId: string, made: Made) {
  const stages = apis.find((api) => api.kind === kind && api.id === apiId)?.stages ?? [];
  return stages.map(
    ({ name, deploymentId, documentationVersion, held }) =>
      [
        name,
        {
          deploymentId,
          created: madeAt(made, name),
          ...contentHashOf(name, documentationVersion),
          ...(held !== undefined && { held }),
        },
      ] as const,
  );
}

function aliasesOf({ functions }: RegionMessage, functionName: string, made: Made) {
  const found = functions.find(({ name }) => name === functionName);
  if (found === undefined) return [];
  return Object.entries(found.aliases).map(([alias, version]) => {
    const codeSha256 = found.versions.find((each) => each.version === version)?.codeSha256 ?? '';
    const isPinned = found.pinned.includes(alias);
    const weights = found.weights[alias];
    const modified = madeAt(made, alias);
    return [alias, { version, codeSha256, modified, isPinned, ...(weights && { weights }) }] as const;
  });
}

/** What a release of an environment runs, whatever the code at hand says, with its tables and routes, as its stack would record it on AWS. */
function releaseRecords({ functions, apis }: RegionMessage, made: Made): readonly ReleaseRecord[] {
  const start = `${apis[0]?.name ?? ''}-`;
  const released = Object.entries(made).filter(([, { follows }]) => follows === 'release');
  return released.map(([environment]) => ({
    environment,
    functions: Object.fromEntries(
      functions.flatMap(({ name, aliases, versions, records }) => {
        const found = versions.find(({ version }) => version === aliases[environment]);
        if (found === undefined || !name.startsWith(start)) return [];
        const { version, roleArn, codeSha256: sha256 } = found;
        const role = { hash: '', name: roleArn.slice(roleArn.lastIndexOf('/') + 1), policy: '' };
        const code = { bucket: '', key: '', version: '', sha256 };
        const { tables = {}, routes = [] } = parseRelease(records[environment] ?? '') ?? {};
        return [[name.slice(start.length), { version, role, package: code, tables, routes }]];
      }),
    ),
  }));
}
