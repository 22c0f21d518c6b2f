import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PREVIEW } from '#functions/environment.ts';
import { accessOf, clientSettings, REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import type { StackProgress } from '#operator/cli/progress-view.ts';
import type { RunningStage } from '#operator/cli/running-stage.ts';
import { checkTypes } from '#operator/deploy/run-local-deploy.ts';
import { type KeyPlace, keyPlace, keyStacks } from '#operator/keys/key-stacks.ts';
import { localKeyStacks } from '#operator/keys/local-keys.ts';
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
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { synthesizeStacks, synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { leftSources } from '#operator/without/left-stacks.ts';
import { inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { compareTables } from './compare-items.ts';
import { releaseLocally } from './release-locally.ts';
import { releaseOnAws } from './release-on-aws.ts';
import type { ReturnPlace } from './return-region.ts';

/** Replication takes a second or so where nothing waits. */
const PATIENCE = { whole: 60_000, pause: 2000 } as const;

/** What is opened with a place and is to be given back. */
interface Opened {
  readonly place: ReturnPlace;
  readonly close: () => Promise<void>;
}

interface ReturnProgress {
  readonly onProgress: (progress: StackProgress) => void;
  readonly onStep: (text: string) => void;
  readonly onPhase: (text: string) => void;
}

/** A stage on AWS. Nothing is asked yet. */
export function awsReturnPlace(context: StageContext, { onProgress, onStep, onPhase }: ReturnProgress): Opened {
  const live = awsLiveSources(context);
  const clientOf = (regionType: RegionType) =>
    new DynamoDBClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
  const clients = { primary: clientOf('primary'), secondary: clientOf('secondary') };
  const { close, ...switched } = awsSwitchPlace(context, onProgress);
  const terraform = openTerraform({ onProgress });
  const place: ReturnPlace = {
    ...switched,
    targetOf: (regionType) => targetOf(context, live, regionType),
    stores: awsStores(context),
    release: releaseOnAws(context, { terraform, onPhase }),
    admitKeys: async (regionType, parameters) => {
      const without = otherRegion(regionType);
      const stacks = keyStacks(context, {
        live: leftSources(context, live, without),
        synthesize: () => synthesizeStacks(context),
        terraform,
        without,
      });
      for (const place of keyPlacesOf(context, parameters)) await stacks.apply(place, [regionType]);
    },
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
  return { place, close: async () => void (await Promise.all([close(), terraform.close()])) };
}

/** The places of keys that parameters hold. */
function keyPlacesOf(context: StageContext, parameters: readonly string[], stageFlags = ''): readonly KeyPlace[] {
  const places = [undefined, PREVIEW].map((environment) => keyPlace(context, environment, stageFlags));
  return places.filter(({ parameter }) => parameters.includes(parameter));
}

/** The running local runtime. */
export async function localReturnPlace(running: RunningStage, onPhase: (text: string) => void): Promise<Opened> {
  const { context, control } = running;
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
    release: releaseLocally(running, projectFolder(), { checkTypes, synthesize: synthesizeStage, onPhase }),
    admitKeys: async (regionType, parameters) => {
      const stacks = localKeyStacks(control);
      for (const place of keyPlacesOf(context, parameters, ' --local')) await stacks.apply(place, [regionType]);
    },
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
