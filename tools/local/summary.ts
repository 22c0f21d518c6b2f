import type { LocalModel, RegionType } from './model/model.ts';

/** What a started runtime tells its user; `two-region local --json` prints it. */
export interface RuntimeSummary {
  readonly stage: string;
  /** URL of the public name on this machine: `http://127.0.0.1:3000`. */
  readonly entry: string;
  /** The public name itself. */
  readonly name: string;
  /** Of the environment that the public name leads to; empty when its routes need none. */
  readonly apiKey: string;
  /** Every key, with the environments that it opens. */
  readonly apiKeys: readonly { readonly value: string; readonly environments: readonly string[] }[];
  readonly regions: Readonly<Record<RegionType, RegionSummary>>;
  /** Resource types that the runtime doesn't serve, with their addresses. */
  readonly unserved: LocalModel['unserved'];
}

export interface RegionSummary {
  /** AWS region. */
  readonly region: string;
  /** URL of the region's REST gateway. */
  readonly url: string;
  /** Environment → URL that its routes' paths are appended to. */
  readonly environments: Readonly<Record<string, string>>;
}

/** @param urls - of each region's REST gateway */
export function summarize(
  model: LocalModel,
  entry: { readonly name: string; readonly url: string },
  urls: Readonly<Record<RegionType, string>>,
): RuntimeSummary {
  const regionOf = (type: RegionType): RegionSummary => {
    const { region, restApis } = model.regions[type];
    const stages = restApis.flatMap((api) => api.stages.map((stage) => stage.name));
    return {
      region,
      url: urls[type],
      environments: Object.fromEntries(stages.map((stage) => [stage, `${urls[type]}/${stage}`])),
    };
  };
  const { usagePlans, domains } = model.regions.primary;
  const apiKeys = usagePlans.flatMap(({ keys, apiStages }) =>
    keys
      .filter((key) => key.enabled)
      .map(({ value }) => ({ value, environments: apiStages.map(({ stage }) => stage) })),
  );
  const target = domains.find(({ domainName }) => domainName === entry.name)?.mappings[0]?.stage;
  return {
    stage: model.stage,
    entry: entry.url,
    name: entry.name,
    apiKey: apiKeys.find(({ environments }) => target !== undefined && environments.includes(target))?.value ?? '',
    apiKeys,
    regions: { primary: regionOf('primary'), secondary: regionOf('secondary') },
    unserved: model.unserved,
  };
}
