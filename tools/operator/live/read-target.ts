import type { ParameterStore } from '#operator/parameters/ssm-store.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { ApiKind, RegionPort, RegionTarget } from './live-region.ts';

/** One region of a stage: what is asked, and the region's own parameters. */
export interface RegionSources {
  readonly port: RegionPort;
  readonly parameters: ParameterStore;
}

/** Asks one region where its public names lead. Nothing is asked of the other region. */
export async function readTarget(
  context: StageContext,
  regionType: RegionType,
  { port, parameters }: RegionSources,
): Promise<RegionTarget> {
  const { region } = inRegion(context, regionType);
  const values = await parameters.readAll();
  const [restName, httpName] = [values.get('domain_name'), values.get('events_domain_name')];
  const mapped = async (kind: ApiKind, name: string | undefined) =>
    name === undefined ? undefined : port.mappedStage(kind, name);
  const [rest, http] = await Promise.all([mapped('rest', restName), mapped('http', httpName)]);
  const names = {
    ...(restName !== undefined && { rest: restName }),
    ...(httpName !== undefined && { http: httpName }),
  };
  return { regionType, region, names, rest, http };
}

/** Asks both regions where their public names lead. */
export function readTargets(
  context: StageContext,
  regions: Readonly<Record<RegionType, RegionSources>>,
): Promise<readonly RegionTarget[]> {
  return Promise.all([
    readTarget(context, 'primary', regions.primary),
    readTarget(context, 'secondary', regions.secondary),
  ]);
}
