import type { ControlClient } from '#local/control/client.ts';
import { liveRegion } from '#operator/live/local-sources.ts';
import type { SwitchRegionPort } from '#operator/switch/preflight/region-port.ts';
import type { RegionType } from '#stacks/context.ts';

/** What a switch asks one region of the local runtime. It has no deployments but those that are served. */
export function localRegionPort(control: Pick<ControlClient, 'regions'>, regionType: RegionType): SwitchRegionPort {
  return {
    deployments: async (kind, apiId) => {
      const [{ apis }, { environments }] = await Promise.all([liveRegion(control, regionType), control.regions()]);
      const stages = apis.find((api) => api.kind === kind && api.id === apiId)?.stages ?? [];
      return stages.map(({ name, deploymentId }) => ({
        id: deploymentId,
        environment: name,
        created: new Date(environments[name]?.deployedAt ?? 0),
      }));
    },
    invokers: async (functionName, alias) => {
      const { functions } = await liveRegion(control, regionType);
      return functions.find(({ name }) => name === functionName)?.invokers[alias] ?? [];
    },
    regionalHost: async (domainName) => {
      const { names } = await liveRegion(control, regionType);
      return names.find(({ name }) => name === domainName)?.regionalHost;
    },
  };
}
