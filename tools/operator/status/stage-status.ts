import { PREVIEW } from '../../../functions/environment.ts';
import type { RegionType } from '../../../stacks/context.ts';
import type { ApiKind, HealthStatus } from '../live/live-region.ts';
import { disagreementsOf, targetsOf } from './disagreements.ts';

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
  /** Of the health check that decides whether DNS sends traffic here. */
  readonly health?: { readonly status: HealthStatus; readonly environment: string; readonly resourcePath: string };
}

export interface StageStatus {
  readonly stage: string;
  /** The public names. */
  readonly names: Readonly<Partial<Record<ApiKind, string>>>;
  /** `undefined` before the first deploy, and where the regions disagree. */
  readonly target: string | undefined;
  /** API environments that are deployed and receive no traffic. */
  readonly idle: readonly string[];
  /** The API environment that was deployed last; `undefined` too where several were made at once, as in the local runtime. */
  readonly newest: string | undefined;
  readonly regions: readonly RegionStatus[];
  /** What is not as it should be, in sentences. */
  readonly disagreements: readonly string[];
}

/** Draws the conclusions from what both regions say. */
export function concludeStatus(
  stage: string,
  names: StageStatus['names'],
  regions: readonly RegionStatus[],
): StageStatus {
  const targets = targetsOf(regions);
  const target = targets.length === 1 ? targets[0] : undefined;
  const environments = regions.flatMap((region) => region.environments).filter(({ name }) => name !== PREVIEW);
  const deployed = [...new Set(environments.map(({ name }) => name))];
  return {
    stage,
    names,
    target,
    idle: deployed.filter((name) => !targets.includes(name)),
    newest: newestOf(environments),
    regions,
    disagreements: disagreementsOf(regions),
  };
}

function newestOf(environments: readonly EnvironmentStatus[]): string | undefined {
  const last = environments.reduce((latest, { time = '' }) => (time > latest ? time : latest), '');
  const names = new Set(environments.filter(({ time }) => time === last).map(({ name }) => name));
  return names.size === 1 ? [...names][0] : undefined;
}
