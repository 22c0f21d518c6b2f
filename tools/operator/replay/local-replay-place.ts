import { summarize } from '#local/control/summary.ts';
import { targetIn, tokenFor } from '#operator/call/local-target.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { localLiveSources } from '#operator/live/local-sources.ts';
import { readRegion, readTarget } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import type { ReplayPlace } from './replay-place.ts';

/**
 * The running local runtime as the place of a replay: its gateways record by themselves.
 *
 * @throws NoRuntimeError when none runs, RefusedError when it runs another stage; SettingsError
 */
export async function openLocalReplayPlace(wanted: string | undefined): Promise<ReplayPlace> {
  const { context, control } = await runningStage(wanted);
  const live = localLiveSources(control);
  const summary = control.regions().then(summarize);
  return {
    stage: context.stage,
    flags: ' --local',
    environments: context.settings.apiEnvironments,
    target: async () =>
      liveTarget(await Promise.all(REGION_TYPES.map((type) => readTarget(context, type, live.regions[type])))),
    records: async (environment, since) => ({ records: await control.recorded(environment, since), remarks: [] }),
    deployed: async (regionType) => (await readRegion(context, regionType, live.regions[regionType])).environments,
    targetOf: async (operation, place) =>
      targetIn(await summary, operation, { ...place, token: tokenFor(operation, control) }),
    secrets: context.settings.recording.secrets,
    howToRecord: 'The local runtime records whatever its functions are asked, in the newest 5,000 requests: send some.',
  };
}
