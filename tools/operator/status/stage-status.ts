import { PREVIEW } from '#functions/environment.ts';
import type { ContainerStatus } from '#operator/container/container-status.ts';
import type { Stagger } from '#operator/journal/switch-journal.ts';
import { judgeCertificate, type ShownCertificate } from '#operator/live/certificates.ts';
import type { FailingJourneys } from '#operator/live/failing-journeys.ts';
import type { HeardBeat } from '#operator/live/heartbeats.ts';
import type { ApiKind, HealthStatus } from '#operator/live/live-region.ts';
import type { ObjectCopies } from '#operator/live/object-copies.ts';
import { activeRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { Settings } from '#stacks/settings/settings.ts';

/** An environment in one region, as far as it is known. */
export interface EnvironmentStatus {
  readonly name: string;
  /** Function → version. @default - not known */
  readonly versions?: Readonly<Record<string, string>>;
  /** Equal in both regions where the content is. @default - not known */
  readonly hash?: string;
  /** When its newest part was made; ISO 8601. @default - not known */
  readonly time?: string;
  /** Gateways that have a stage of the environment. @default - not known */
  readonly gateways?: readonly ApiKind[];
  /** What it lacks of what it runs on, in sentences. */
  readonly lacks: readonly string[];
}

/** A health check, and what Route 53 makes of it. */
export interface HealthCheckStatus {
  readonly status: HealthStatus;
  /** What is asked: the region's own name. */
  readonly fqdn: string;
  readonly resourcePath: string;
}

export interface RegionStatus {
  readonly regionType: RegionType;
  /** AWS region. */
  readonly region: string;
  /** Why nothing is known about the region. */
  readonly problem?: string;
  /** Environments that the public names lead to; `undefined` while there is no mapping. */
  readonly targets: Readonly<Partial<Record<ApiKind, string>>>;
  readonly apiIds: Readonly<Partial<Record<ApiKind, string>>>;
  readonly environments: readonly EnvironmentStatus[];
  /**
   * Of the health checks that decide whether DNS sends an API's traffic here: an API that is left out has none. @default - Route 53 could not be
   * asked
   */
  readonly health?: Readonly<Partial<Record<ApiKind, HealthCheckStatus>>>;
  /** Those that clients are shown. @default - not known */
  readonly certificates?: readonly ShownCertificate[] | undefined;
  /** What has arrived of the other region's heartbeat. @default - not known, or settings have none */
  readonly heartbeat?: HeardBeat | undefined;
  /** Where journeys of the contract fail, as this region finds it. @default - not known, or settings have none taken */
  readonly journeys?: FailingJourneys | undefined;
  /** What S3 does with the data bucket's objects. @default - not known, or settings have nothing copied */
  readonly objects?: ObjectCopies | undefined;
  /** What runs of the container API. @default - not known, or settings have none */
  readonly container?: ContainerStatus | undefined;
}

export interface StageStatus {
  readonly stage: string;
  /** The public names. */
  readonly names: Readonly<Partial<Record<ApiKind, string>>>;
  /** `undefined` before the first deploy, and where the regions disagree, be it on purpose. */
  readonly target: string | undefined;
  /** The regions lead to different environments on purpose. @default - they don't */
  readonly stagger?: Stagger;
  /** API environments that are deployed and receive no traffic. */
  readonly idle: readonly string[];
  /** The API environment that was deployed last; `undefined` too where several were made at once, as in the local runtime. */
  readonly newest: string | undefined;
  readonly regions: readonly RegionStatus[];
  /** How DNS chooses between the regions, by the settings; `active`: the one that has all traffic while it is healthy. */
  readonly routing: { readonly policy: Settings['routingPolicy']; readonly active?: RegionType };
  /** CloudFront, by the settings. @default - there is none */
  readonly edge?: Exclude<Settings['edge']['state'], 'none'>;
  /** In the local runtime: environment → whether it has a release of its own or follows the working tree. */
  readonly follows?: Readonly<Record<string, 'release' | 'working tree'>>;
  /** What is not as it should be, in sentences. */
  readonly disagreements: readonly string[];
}

/** Draws the conclusions from what both regions say. */
export function concludeStatus(
  { settings, stage }: StageContext,
  names: StageStatus['names'],
  regions: readonly RegionStatus[],
  stagger?: Stagger,
): StageStatus {
  const isStaggered = stagger !== undefined && regions.every((region) => isAsStaggered(region, stagger));
  const targets = targetsOf(regions);
  const target = targets.length === 1 ? targets[0] : undefined;
  const active = activeRegion(settings);
  const environments = regions.flatMap((region) => region.environments).filter(({ name }) => name !== PREVIEW);
  const deployed = [...new Set(environments.map(({ name }) => name))];
  return {
    stage,
    names,
    target,
    ...(isStaggered && { stagger }),
    idle: deployed.filter((name) => !targets.includes(name)),
    newest: newestOf(environments),
    regions,
    routing: { policy: settings.routingPolicy, ...(active && { active }) },
    ...(settings.edge.state !== 'none' && { edge: settings.edge.state }),
    disagreements: disagreementsOf(stage, regions, isStaggered),
  };
}

/** Whether a region leads where a stagger has it; one that did not answer says nothing. */
function isAsStaggered({ regionType, targets, problem }: RegionStatus, stagger: Stagger): boolean {
  if (problem !== undefined) return true;
  const expected = regionType === stagger.regionType ? stagger.to : stagger.from;
  return Object.values(targets).every((target) => target === expected);
}

function newestOf(environments: readonly EnvironmentStatus[]): string | undefined {
  const last = environments.reduce((latest, { time = '' }) => (time > latest ? time : latest), '');
  const names = new Set(environments.filter(({ time }) => time === last).map(({ name }) => name));
  return names.size === 1 ? [...names][0] : undefined;
}

/** Environments that public names lead to. One, where everything is as it should be. */
function targetsOf(regions: readonly RegionStatus[]): readonly string[] {
  return [...new Set(regions.flatMap((region) => Object.values(region.targets)))];
}

/** What is not as it should be in a stage, in sentences. */
function disagreementsOf(stage: string, regions: readonly RegionStatus[], isStaggered: boolean): readonly string[] {
  return [
    ...unreachable(regions),
    ...(isStaggered ? [] : differentTargets(regions)),
    ...unchecked(stage, regions),
    ...endingCertificates(stage, regions),
    ...uncopiedObjects(stage, regions),
    ...incomplete(regions),
    ...differentContent(regions),
  ];
}

function unreachable(regions: readonly RegionStatus[]): string[] {
  return regions.flatMap(({ regionType, region, problem }) =>
    problem === undefined ? [] : [`The ${regionType} region ${region} did not answer: ${problem}`],
  );
}

function differentTargets(regions: readonly RegionStatus[]): string[] {
  const targets = targetsOf(regions);
  const answering = regions.filter(({ problem }) => problem === undefined);
  if (targets.length > 1) {
    const where = answering.map(
      ({ regionType, targets: { rest, http } }) =>
        `${regionType}: REST ${rest ?? 'not mapped'}, HTTP ${http ?? 'not mapped'}`,
    );
    return [`The public names do not lead to one environment (${where.join('; ')}).`];
  }
  if (targets.length === 0) return [];
  return answering.flatMap(({ regionType, targets: { rest, http } }) =>
    rest === undefined && http === undefined ? [`The public names are not mapped in the ${regionType} region.`] : [],
  );
}

/** Without a health check a public name never leaves a region. */
function unchecked(stage: string, regions: readonly RegionStatus[]): string[] {
  const kinds: readonly ApiKind[] = ['rest', 'http'];
  return regions.flatMap(({ regionType, health, targets }) =>
    kinds
      .filter((kind) => health !== undefined && targets[kind] !== undefined && health[kind] === undefined)
      .map(
        (kind) =>
          `No health check asks the ${kind.toUpperCase()} API of the ${regionType} region by the region's own name. Deploy it: two-region deploy ${stage} --stack routing`,
      ),
  );
}

/** Health checks don't look at certificates. */
function endingCertificates(stage: string, regions: readonly RegionStatus[]): string[] {
  return regions.flatMap(({ region, certificates = [] }) =>
    certificates.flatMap((certificate) => {
      const { outcome, found, fix } = judgeCertificate(certificate, region, stage);
      return outcome === 'ok' ? [] : [`${found.replace(/^t/, 'T')}. ${fix ?? ''}`];
    }),
  );
}

/** What S3 promises, and is paid for. */
const PROMISED_SECONDS = 15 * 60;

function uncopiedObjects(stage: string, regions: readonly RegionStatus[]): string[] {
  return regions.flatMap(({ region, objects }) => {
    if (objects === undefined) return [];
    const { to, rule, lateSeconds = 0 } = objects;
    const missing = `S3 does not copy objects from ${region} to ${to}, as settings.conf says. Deploy it: two-region deploy ${stage} --stack data`;
    const late = `Objects of ${to} reached ${region} up to ${lateSeconds} s late in the last 15 minutes: what is written there may be lacking here.`;
    return [...(rule === undefined ? [missing] : []), ...(lateSeconds > PROMISED_SECONDS ? [late] : [])];
  });
}

/** Environments that are not whole: a deploy was left in the middle, or something was taken away since. */
function incomplete(regions: readonly RegionStatus[]): string[] {
  return regions.flatMap(({ regionType, apiIds, environments }) =>
    environments.flatMap(({ name, gateways, lacks }) => {
      const kinds: readonly ApiKind[] = ['rest', 'http'];
      const closed =
        gateways === undefined ? [] : kinds.filter((kind) => apiIds[kind] !== undefined && !gateways.includes(kind));
      return [
        ...lacks.map((problem) => `In the ${regionType} region: ${problem}`),
        ...closed.map((kind) => `${name} has no stage in the ${kind.toUpperCase()} API of the ${regionType} region.`),
      ];
    }),
  );
}

function differentContent([one, other]: readonly RegionStatus[]): string[] {
  if (one === undefined || other === undefined || one.problem !== undefined || other.problem !== undefined) return [];
  const names = new Set([...one.environments, ...other.environments].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [here, there] = [one, other].map(({ environments }) => environments.find((each) => each.name === name));
    if (here === undefined || there === undefined) {
      const lacking = here === undefined ? one : other;
      return [`${name} is not deployed in the ${lacking.regionType} region.`];
    }
    if (here.hash === there.hash) return [];
    return [`${name} has different content: ${one.regionType} ${here.hash}, ${other.regionType} ${there.hash}.`];
  });
}
