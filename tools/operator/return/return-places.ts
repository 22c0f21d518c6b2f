import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ControlClient } from '#local/control/client.ts';
import { accessOf, clientSettings, REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import type { StackProgress } from '#operator/cli/progress-view.ts';
import { liveRegion, localLiveSources } from '#operator/live/local-sources.ts';
import { awsLiveSources, type LiveSources } from '#operator/live/open-live.ts';
import { readTarget } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { awsStores, localStores } from '#operator/parameters/open-stores.ts';
import { awsFacts } from '#operator/parity/aws/aws-facts.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { readLocalFacts } from '#operator/parity/local/local-facts.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import { awsRoutePlace, localRoutePlace } from '#operator/route/open-route.ts';
import { returnStateOnAws } from '#operator/state/run-state.ts';
import { awsSwitchPlace } from '#operator/switch/aws/aws-switch-place.ts';
import { openLocalSwitchPlace } from '#operator/switch/local/local-switch-place.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import { compareTables } from './compare-items.ts';
import type { ReturnPlace } from './return-region.ts';

/** Replication takes a second or so where nothing waits. */
const PATIENCE = { whole: 60_000, pause: 2000 } as const;

/** What is opened with a place and is to be given back. */
interface Opened {
  readonly place: ReturnPlace;
  readonly close: () => Promise<void>;
}

/** A stage on AWS. Nothing is asked yet. */
export function awsReturnPlace(
  context: StageContext,
  {
    onProgress,
    onStep,
  }: { readonly onProgress: (progress: StackProgress) => void; readonly onStep: (text: string) => void },
): Opened {
  const live = awsLiveSources(context);
  const clientOf = (regionType: RegionType) =>
    new DynamoDBClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
  const clients = { primary: clientOf('primary'), secondary: clientOf('secondary') };
  const { close, ...switched } = awsSwitchPlace(context, onProgress);
  const place: ReturnPlace = {
    ...switched,
    targetOf: (regionType) => targetOf(context, live, regionType),
    stores: awsStores(context),
    returnState: async () => {
      await returnStateOnAws(context, onStep);
    },
    parity: async () => {
      const [primary, secondary] = await Promise.all([awsFacts(context, 'primary'), awsFacts(context, 'secondary')]);
      return compareRegions(primary, secondary);
    },
    compareTables: () => compareTables(clients, tableName(context, '')),
    route: awsRoutePlace(context),
    patience: PATIENCE,
  };
  return { place, close };
}

/** The running local runtime. */
export async function localReturnPlace(context: StageContext, control: ControlClient): Promise<Opened> {
  const live = localLiveSources(control);
  const { close, ...switched } = await openLocalSwitchPlace(context.stage);
  const { credentials } = await control.regions();
  const clientOf = async (regionType: RegionType) => {
    const { region, services } = await liveRegion(control, regionType);
    const settings = { region, credentials: credentials.operator, requestHandler: REQUEST_PATIENCE };
    return new DynamoDBClient({ ...settings, endpoint: services.dynamodb ?? '' });
  };
  const place: ReturnPlace = {
    ...switched,
    targetOf: (regionType) => targetOf(context, live, regionType),
    stores: await localStores(context, control),
    parity: async () => {
      const [primary, secondary] = await readLocalFacts(context, control);
      return compareRegions(primary, secondary);
    },
    compareTables: async () => {
      const [primary, secondary] = await Promise.all([clientOf('primary'), clientOf('secondary')]);
      return compareTables({ primary, secondary }, tableName(context, ''));
    },
    route: await localRoutePlace(context, control),
    patience: PATIENCE,
  };
  return { place, close };
}

async function targetOf(context: StageContext, live: LiveSources, regionType: RegionType): Promise<string | undefined> {
  const read = () => readTarget(context, regionType, live.regions[regionType]);
  return liveTarget([await ofRegion(context, regionType, read)]);
}
