import { inRegion, type RegionType, type StageContext } from '../../../stacks/context.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { RegionTarget } from './live-region.ts';
import type { RegionPort } from './region-port.ts';

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
  const mapped = async (kind: 'http' | 'rest', parameter: string) => {
    const domainName = values.get(parameter);
    return domainName === undefined ? undefined : port.mappedStage(kind, domainName);
  };
  const [rest, http] = await Promise.all([mapped('rest', 'domain_name'), mapped('http', 'events_domain_name')]);
  return { regionType, region, rest, http };
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
