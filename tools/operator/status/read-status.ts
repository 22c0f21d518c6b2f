import { errorReason } from '#functions/error-reason.ts';
import type { ControlClient } from '#local/control/client.ts';
import { localWatchAlarm } from '#operator/alarms/watch-alarm.ts';
import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials, isAboutCredentials } from '#operator/cli/credentials-error.ts';
import { containerProblems } from '#operator/container/container-status.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { EMPTY_JOURNAL, type JournalStore, staggerOf, unfinished } from '#operator/journal/switch-journal.ts';
import { describeUnfinished } from '#operator/journal/unfinished.ts';
import { type CertificatePort, shownCertificates } from '#operator/live/certificates.ts';
import { describeFailing, localJourneys } from '#operator/live/failing-journeys.ts';
import { readHealthChecks } from '#operator/live/health-checks.ts';
import { isLate, localHeartbeats } from '#operator/live/heartbeats.ts';
import { aliasProblems, lackingParts } from '#operator/live/lacking-parts.ts';
import type { LiveEnvironment, LiveHealthCheck, LiveRegion } from '#operator/live/live-region.ts';
import { localLiveSources } from '#operator/live/local-sources.ts';
import { localObjectCopies } from '#operator/live/object-copies.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { type CatchUpStore, describeCatchUp } from '#operator/regions/catch-up.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import { localRouteStores } from '#operator/route/open-route.ts';
import { describeRouteState, type RouteStore } from '#operator/route/route-store.ts';
import { activeRegion, inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { heldWrites } from './held-writes.ts';
import { illRegions } from './ill-region.ts';
import { concludeStatus, type RegionStatus, type StageStatus } from './stage-status.ts';

/** A region, or why it could not be asked. */
type Answer =
  | {
      readonly live: LiveRegion;
      readonly lacks: Readonly<Record<string, readonly string[]>>;
      readonly certificates: RegionStatus['certificates'];
      readonly heartbeat: RegionStatus['heartbeat'];
      readonly journeys: RegionStatus['journeys'];
      readonly objects: RegionStatus['objects'];
      readonly container: RegionStatus['container'];
    }
  | { readonly problem: unknown };

/** Where a stage's switches are recorded. */
interface RecordedSwitches {
  readonly journal: Pick<JournalStore, 'read'>;
  /** What the commands that end a switch need besides the stage's name. */
  readonly flags: string;
  /** What a region that was left out has to catch up on. */
  readonly catchUp: Pick<CatchUpStore, 'read'>;
  /** What each region says of the other. @default - not asked */
  readonly routes?: Readonly<Record<RegionType, Pick<RouteStore, 'read'>>>;
}

/**
 * Asks AWS what is live. A region that doesn't answer is part of the status, and so is a switch that is unfinished.
 *
 * @param account - what of the account is not as the stage needs it, in sentences
 * @param without - region that is lost: nothing is asked of it. @default - none
 * @throws CredentialsError; whatever went wrong, when neither region answers
 */
export async function readStatus(
  context: StageContext,
  sources: LiveSources,
  switches: RecordedSwitches,
  account: () => Promise<readonly string[]>,
  without?: RegionType,
): Promise<StageStatus> {
  const ask = async (regionType: RegionType): Promise<Answer> =>
    regionType === without
      ? { problem: new Error('left out, as --without says.') }
      : explainingCredentials(accessOf(context), async () => {
          const live = await readRegion(context, regionType, sources.regions[regionType]);
          const [lacks, certificates, heartbeat, journeys, objects, container] = await Promise.all([
            lackingIn(context, live, sources.regions[regionType]),
            certificatesIn(live, sources.certificates?.[regionType]),
            // Before the first deploy there is no table, and not everybody may read it.
            sources.heartbeats?.[regionType]().catch(() => undefined),
            sources.journeys?.[regionType]().catch(() => undefined),
            sources.objects?.[regionType]().catch(() => undefined),
            sources.containers?.[regionType]().catch(() => undefined),
          ]);
          return { live, lacks, certificates, heartbeat, journeys, objects, container };
        }).catch((problem: unknown) => ({ problem }));
  // Where the journal can't be read there is no state either, which the commands that need it explain.
  const [primary, secondary, journal, kept, ill, lacking, remarks] = await Promise.all([
    ask('primary'),
    ask('secondary'),
    switches.journal.read().catch(() => EMPTY_JOURNAL),
    keptAway(context, switches, without),
    illRegions({ stage: context.stage, flags: switches.flags }, sources.watch, without),
    catchUpOf(switches.catchUp, without),
    // It asks both regions.
    without === undefined ? account() : [],
  ]);
  for (const answer of [primary, secondary]) {
    if ('problem' in answer && (isAboutCredentials(answer.problem) || neitherAnswers(primary, secondary))) {
      throw answer.problem;
    }
  }
  const answering = [primary, secondary].flatMap((answer) => ('live' in answer ? [answer.live] : []));
  const checks = await readHealthChecks(answering, sources.health).catch(() => undefined);
  const statusOf = (regionType: RegionType, answer: Answer): RegionStatus => {
    const { region } = inRegion(context, regionType);
    if ('live' in answer) {
      const { live, lacks, certificates, heartbeat, journeys, objects, container } = answer;
      const known = {
        ...(certificates && { certificates }),
        ...(heartbeat && { heartbeat }),
        ...(journeys && { journeys }),
        ...(objects && { objects }),
        ...(container && { container }),
      };
      return { ...regionStatus(live, lacks, checks), ...known };
    }
    return { regionType, region, problem: errorReason(answer.problem), targets: {}, apiIds: {}, environments: [] };
  };
  const names = answering[0]?.target.names ?? {};
  const { stage } = context;
  const open = unfinished(journal);
  const regions = [statusOf('primary', primary), statusOf('secondary', secondary)];
  const status = concludeStatus(context, names, regions, open && staggerOf(open));
  const behind = lacking.filter(({ lost, kind }) => kind !== 'target' || !isAtTarget(status, lost));
  const text = describeUnfinished({ stage, flags: switches.flags }, journal, status.stagger !== undefined);
  const returning = kept.length > 0 || switches.routes === undefined ? [] : unheld(context, regions, switches.flags);
  return {
    ...status,
    disagreements: [
      ...kept,
      ...returning,
      // Whoever keeps traffic away from it knows.
      ...(kept.length > 0 ? [] : ill),
      ...heldWrites(stage, answering, switches.flags),
      ...REGION_TYPES.flatMap((lost) => {
        const lines = describeCatchUp(
          lost,
          behind.filter((item) => item.lost === lost),
        );
        const remedy = `When it is back: two-region return ${stage} ${lost}${switches.flags}`;
        return lines.length === 0 ? [] : [[...lines, remedy].join('\n')];
      }),
      ...(text === undefined ? [] : [text]),
      // Of a region that is lost it is known.
      ...(without === undefined ? lateHeartbeats(context, regions, switches.flags) : []),
      ...containerProblems(context, regions),
      ...describeFailing(regions, `two-region alarms ${stage}${switches.flags}`),
      ...status.disagreements,
      ...remarks,
    ],
  };
}

/** What either region has to catch up on, as the other one has it. What a region that can't be asked has, counts for nothing. */
async function catchUpOf({ read }: Pick<CatchUpStore, 'read'>, without?: RegionType) {
  const look = async (lost: RegionType) => (await read(lost).catch(() => [])).map((item) => ({ lost, ...item }));
  const asked = REGION_TYPES.filter((lost) => without === undefined || lost === without);
  return (await Promise.all(asked.map(look))).flat();
}

/** Whether a region's names are known to lead where all others do. */
function isAtTarget({ target, regions }: StageStatus, regionType: RegionType): boolean {
  const region = regions.find((each) => each.regionType === regionType);
  return target !== undefined && region?.problem === undefined;
}

/** From which regions traffic keeps away, and since when. What a region that can't be asked says counts for nothing. */
async function keptAway(
  { stage }: StageContext,
  { routes, flags }: RecordedSwitches,
  without?: RegionType,
): Promise<readonly string[]> {
  const look = async (from: RegionType, saying: RegionType): Promise<readonly string[]> => {
    if (saying === without) return [];
    const read = await routes?.[saying].read().catch(() => undefined);
    if (read?.document.route !== 'away') return [];
    const command = `two-region route-back ${stage} ${from}${flags}`;
    return [
      `Traffic keeps away from the ${from} region${describeRouteState(read.document)}, healthy or not. Let it go there again: ${command}`,
    ];
  };
  return (await Promise.all([look('primary', 'secondary'), look('secondary', 'primary')])).flat();
}

/** What a region writes has not come to the other for too long. */
function lateHeartbeats(context: StageContext, regions: readonly RegionStatus[], flags: string): readonly string[] {
  return regions.flatMap(({ region, heartbeat }) =>
    heartbeat === undefined || !isLate(context, heartbeat)
      ? []
      : [
          `The last heartbeat of ${heartbeat.of} that has arrived in ${region} is ${heartbeat.ageSeconds} s old: what is written there may be lacking here. Which alarms say so: two-region alarms ${context.stage}${flags}`,
        ],
  );
}

/** After a failover nothing holds traffic, where settings have it that it is held. */
function unheld({ settings, stage }: StageContext, regions: readonly RegionStatus[], flags: string): readonly string[] {
  const active = activeRegion(settings);
  if (settings.failback !== 'manual' || active === undefined) return [];
  const statusesOf = (wanted: RegionType) =>
    Object.values(regions.find(({ regionType }) => regionType === wanted)?.health ?? {}).map(({ status }) => status);
  const there = statusesOf(otherRegion(active));
  const isWellThere = there.length > 0 && there.every((each) => each === 'healthy');
  if (!statusesOf(active).includes('unhealthy') || !isWellThere) return [];
  const command = `two-region route-away ${stage} ${active} --latch${flags}`;
  return [
    `The ${active} region is unhealthy, and traffic returns to it by itself once its checks are healthy again (FAILBACK="manual" is not held yet). Hold it: ${command}`,
  ];
}

/** What each environment of a region lacks. A question that AWS does not answer hides nothing of the rest. */
async function lackingIn(
  context: StageContext,
  region: LiveRegion,
  { port }: LiveSources['regions'][RegionType],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const place = { region, port, functionName: (name: string) => functionName(context, name) };
  // Where no record says what an environment runs, what others of its kind run.
  const unrecorded = region.environments.filter(({ record }) => record === undefined);
  const expected = [...new Set(unrecorded.flatMap(({ functions }) => Object.keys(functions)))];
  const ask = (environment: LiveEnvironment) =>
    environment.record === undefined
      ? Promise.resolve(aliasProblems(environment, expected))
      : lackingParts(place, environment);
  const found = region.environments.map(async (environment): Promise<[string, readonly string[]]> => {
    const unknown = (error: unknown) => {
      if (isAboutCredentials(error)) throw error;
      return [`What ${environment.name} lacks could not be asked: ${errorReason(error)}`];
    };
    return [environment.name, await ask(environment).catch(unknown)];
  });
  return Object.fromEntries(await Promise.all(found));
}

/** ACM that does not answer hides nothing of the rest. */
async function certificatesIn(
  { target: { region, names } }: LiveRegion,
  port: CertificatePort | undefined,
): Promise<RegionStatus['certificates']> {
  if (port === undefined) return undefined;
  const publicNames = [names.rest, names.http].flatMap((name) => name ?? []);
  return shownCertificates(port, region, publicNames).catch(() => undefined);
}

function regionStatus(
  { target, apiIds, environments }: LiveRegion,
  lacks: Readonly<Record<string, readonly string[]>>,
  checks: readonly LiveHealthCheck[] | undefined,
): RegionStatus {
  const { regionType, region, rest, http } = target;
  const own = checks?.filter((check) => check.regionType === regionType);
  return {
    regionType,
    region,
    targets: { ...(rest !== undefined && { rest }), ...(http !== undefined && { http }) },
    apiIds,
    environments: environments.map(({ name, functions, stages, hash, time }) => ({
      name,
      versions: Object.fromEntries(Object.entries(functions).map(([key, { version }]) => [key, version])),
      hash,
      time: time.toISOString(),
      lacks: lacks[name] ?? [],
      gateways: [...(stages.rest ? ['rest' as const] : []), ...(stages.http ? ['http' as const] : [])],
    })),
    ...(own && {
      health: Object.fromEntries(
        own.map(({ kind, status, fqdn, resourcePath }) => [kind, { status, fqdn, resourcePath }]),
      ),
    }),
  };
}

function neitherAnswers(...answers: readonly Answer[]): boolean {
  return answers.every((answer) => 'problem' in answer);
}

/** Asks the local runtime in the place of AWS. @param context - of the stage that it runs */
export async function readLocalStatus(
  context: StageContext,
  control: Pick<ControlClient, 'alarms' | 'document' | 'regions' | 'replaceDocument' | 'status'>,
  without?: RegionType,
): Promise<StageStatus> {
  const { environments } = await control.regions();
  const follows = Object.fromEntries(Object.entries(environments).map(([name, made]) => [name, made.follows]));
  const routes = await localRouteStores(context, control);
  const switches = { ...localSwitchRecords(control), flags: ' --local', routes };
  const sources = {
    ...localLiveSources(control),
    heartbeats: localHeartbeats(context, control),
    watch: localWatchAlarm(context, () => control.alarms()),
    journeys: localJourneys(context, () => control.alarms()),
    objects: localObjectCopies(context, control),
  };
  return { ...(await readStatus(context, sources, switches, async () => [], without)), follows };
}
