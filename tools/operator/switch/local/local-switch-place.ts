import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { operations } from '#contract/index.ts';
import type { ControlClient } from '#local/control/client.ts';
import { localSickAlarm } from '#operator/alarms/sick-alarm.ts';
import { measureVersions } from '#operator/aws/version-metrics.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { liveRegion, localLiveSources } from '#operator/live/local-sources.ts';
import { withoutFlag } from '#operator/regions/left-region.ts';
import { openLocalReplayPlace } from '#operator/replay/local-replay-place.ts';
import { LOOK_BACK_MILLISECONDS, replayRequests } from '#operator/replay/replay-requests.ts';
import { localRoutePlace, localRouteStores } from '#operator/route/open-route.ts';
import {
  type Probe,
  type ProbeResponse,
  VERIFICATION as VERIFICATION_ON_AWS,
  type Verification,
} from '#operator/switch/preflight/answering-environment.ts';
import type { SwitchRegionPort } from '#operator/switch/preflight/region.ts';
import { scanItems } from '#operator/switch/preflight/scan-items.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import { requireAway } from '#operator/without/require-usable.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';

/** A move takes effect at once unless it is told to take its time; what may take longer is a function that has to be started. */
const VERIFICATION: Verification = { inARow: 20, spanSeconds: 0.2, attempts: 500 };

const LONGEST_ANSWER_MILLISECONDS = 10_000;

/**
 * The running local runtime as the place of a switch: the same steps and checks as on AWS, with the control endpoint in the place of
 * Terraform and of the state's bucket and lock table.
 *
 * @param propagation - milliseconds, at AWS's pace, in which a move reaches ever more requests; it is verified over as long as on AWS then
 * @param without - region that is lost. @default - none
 * @throws NoRuntimeError when none runs, RefusedError when it runs another stage; SettingsError
 */
export async function openLocalSwitchPlace(
  wanted: string,
  { propagation = 0, without }: { readonly propagation?: number; readonly without?: RegionType | undefined } = {},
): Promise<SwitchPlace> {
  const { context, control } = await runningStage(wanted);
  const { timeScale } = await control.status();
  const { stage } = context;
  const left = without && { without };
  const routes = await localRouteStores(context, control);
  return {
    stage,
    flags: ` --local${withoutFlag(without)}`,
    ...left,
    environments: context.settings.apiEnvironments,
    isProduction: false,
    timeScale,
    ports: awsSwitchPorts({
      context,
      live: localLiveSources(control),
      regions: {
        primary: localRegionPort(context, control, 'primary'),
        secondary: localRegionPort(context, control, 'secondary'),
      },
      plans: localMoves(control, propagation),
      probe: localProbe(control),
      routes,
      verification:
        propagation > 0 ? { ...VERIFICATION, spanSeconds: VERIFICATION_ON_AWS.spanSeconds / timeScale } : VERIFICATION,
      ...left,
    }),
    ...localSwitchRecords(control),
    replay: async (way) =>
      replayRequests(await openLocalReplayPlace(wanted), operations, {
        ...way,
        since: Date.now() - LOOK_BACK_MILLISECONDS,
        hasToken: true,
      }),
    requireUsable: async () => {
      if (without !== undefined) await requireAway(await localRoutePlace(context, control), without);
    },
    close: async () => undefined,
  };
}

/** Nothing is pending in a runtime: what runs is what was synthesized when it started. */
function localMoves(control: Pick<ControlClient, 'moveTarget'>, propagation: number) {
  return {
    obstacles: async () => [],
    move: async (part: string, environment: string) => {
      await control.moveTarget(part, environment, propagation);
    },
  };
}

/** What a switch asks one region of the local runtime. It has no deployments but those that are served. */
function localRegionPort(
  context: StageContext,
  control: Pick<ControlClient, 'alarms' | 'regions' | 'weigh'>,
  regionType: RegionType,
): SwitchRegionPort {
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
    sample: async (tableName, limit) => {
      const [{ region, services }, { credentials }] = await Promise.all([
        liveRegion(control, regionType),
        control.regions(),
      ]);
      const settings = { region, endpoint: services.dynamodb ?? '', credentials: credentials.operator };
      return scanItems(new DynamoDBClient(settings))(tableName, limit);
    },
    weigh: async (environment, _, weights) => {
      await control.weigh({ region: regionType, environment, weights: { ...weights } });
    },
    measure: async (environment, versions, since) => {
      const [{ region, services }, { credentials }] = await Promise.all([
        liveRegion(control, regionType),
        control.regions(),
      ]);
      const endpoint = services.cloudwatch ?? '';
      const client = new CloudWatchClient({ region, endpoint, credentials: credentials.operator });
      return measureVersions(client, environment, versions, since);
    },
    sick: async (environment) =>
      localSickAlarm(await control.alarms(), context, inRegion(context, regionType).region, environment),
  };
}

/** Asks the hosts that the local runtime serves, each where it serves it, on connections of their own. Where that is stays as it is while it runs. */
function localProbe(control: Pick<ControlClient, 'regions'>): Probe {
  let known: ReadonlyMap<string, string> = new Map();
  return async ({ host, path, signal }) => {
    if (!known.has(host)) known = await originsOf(control);
    const origin = known.get(host);
    if (origin === undefined) throw new Error(`${host} does not resolve`);
    const timeout = AbortSignal.timeout(LONGEST_ANSWER_MILLISECONDS);
    return get(`${origin}${path}`, host, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
  };
}

/** Name → URL of the gateway or entry that serves it: each region's own names, and the public ones. */
async function originsOf(control: Pick<ControlClient, 'regions'>): Promise<ReadonlyMap<string, string>> {
  const { regions, publicNames } = await control.regions();
  const regional = (['primary', 'secondary'] as const).flatMap((type) => {
    const { apis, names } = regions[type];
    return names.map(({ kind, name }): [string, string] => [name, apis.find((api) => api.kind === kind)?.url ?? '']);
  });
  // Both regions serve the public names, too: where those lead, the entry knows.
  return new Map([...regional, ...publicNames.map(({ name, url }): [string, string] => [name, url])]);
}

function get(url: string, host: string, signal: AbortSignal): Promise<ProbeResponse> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers: { host }, signal });
    asked.once('error', reject);
    asked.once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.end();
  });
}
