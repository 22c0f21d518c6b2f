import { errorReason } from '#functions/error-reason.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import type { RoleCredentials } from '#local/iam/credential-store.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { LocalModel, RegionModel, RegionType, Role } from '#local/model/model.ts';
import type { PackageCopies } from './package-copies.ts';
import { ReleaseError } from './release-error.ts';
import { VersionBook } from './version-book.ts';

/** What an environment serves in both regions: frozen copies of code, configuration, permissions and routes. */
export interface Release {
  readonly model: LocalModel;
  /** `working tree`: it changes with every release, as what is on `$LATEST` does; and everything does until the first one is made. */
  readonly follows: 'release' | 'working tree';
  /** Milliseconds since the epoch. */
  readonly deployedAt: number;
}

/** The releases of a running stage. */
export interface Releases {
  /** Environment → what it serves now. */
  current(): ReadonlyMap<string, Release>;
  /**
   * Puts what was synthesized behind the environment's aliases in both regions, and behind those that follow the working tree. Everything is
   * loaded, checked and made ready first; then both regions change at once, between two requests. What is under way ends where it began.
   *
   * @param load - reads the synthesis; whatever it throws, nothing has changed
   * @throws ReleaseError with the reason; nothing has changed then
   */
  deploy(environment: string, load: () => Promise<LocalModel>): Promise<void>;
}

interface ReleasedRegion {
  readonly gateways: readonly Pick<RegionalGateway, 'failed' | 'prepareStages'>[];
  /** Serves functions out of the model's packages, with credentials of their roles. Nothing is started before the first invocation. */
  invokerOf(model: RegionModel, credentialsFor: (roleArn: string) => RoleCredentials): InvokeFunction;
}

export interface ReleasesOptions {
  /** Of the start. */
  readonly model: LocalModel;
  readonly startedAt: number;
  readonly regions: Readonly<Record<RegionType, ReleasedRegion>>;
  readonly copies: PackageCopies;
  /** Issues credentials for a release's roles: a version may go on doing what its own role could. */
  readonly addRoles: (roles: readonly Role[]) => (roleArn: string) => RoleCredentials;
  readonly log: RuntimeLog;
}

const REGION_TYPES = ['primary', 'secondary'] as const;

export function createReleases(options: ReleasesOptions): Releases {
  const { regions, copies, addRoles, log } = options;
  const base = options.model;
  const versions = new VersionBook(base);
  const following = environmentsOf(base).filter((environment) => isOnLatest(base, environment));
  const first: Release = { model: base, follows: 'working tree', deployedAt: options.startedAt };
  let current: ReadonlyMap<string, Release> = new Map(environmentsOf(base).map((each) => [each, first]));
  let underWay = false;

  const makeReady = async (environment: string, load: () => Promise<LocalModel>) => {
    const loaded = await load().catch(refuse);
    requireServable(base, loaded, environment);
    const { model, enter } = versions.publish(await copies.freeze(loaded).catch(refuse));
    const credentialsFor = addRoles(REGION_TYPES.flatMap((type) => model.regions[type].roles));
    const changed = [environment, ...following.filter((each) => environmentsOf(model).includes(each))];
    const prepare = (type: RegionType) => {
      const { gateways, invokerOf } = regions[type];
      const invoke = invokerOf(model.regions[type], credentialsFor);
      return gateways.map((gateway) => gateway.prepareStages(model.regions[type], changed, invoke));
    };
    const swaps = await Promise.all(REGION_TYPES.map(async (type) => prepare(type))).catch(refuse);
    return { model, changed, swaps: [...swaps.flat(), enter] };
  };

  return {
    current: () => current,
    deploy: async (environment, load) => {
      requireReleasable(environment, [...current.keys()], following);
      requireAnswering(base, regions);
      if (underWay) throw new ReleaseError('unavailable', 'Another release is being made: wait until it is done.');
      underWay = true;
      try {
        const { model, changed, swaps } = await makeReady(environment, load);
        requireAnswering(base, regions);
        for (const swap of swaps) swap();
        const deployedAt = Date.now();
        const next = new Map([...current].map(([name, release]) => [name, { ...release, follows: followsOf(name) }]));
        for (const name of changed) next.set(name, { model, follows: followsOf(name), deployedAt });
        current = next;
        log.write({ kind: 'control', time: deployedAt, action: 'deploy', environment });
      } finally {
        underWay = false;
      }
    },
  };

  function followsOf(environment: string): Release['follows'] {
    return following.includes(environment) ? 'working tree' : 'release';
  }
}

function refuse(error: unknown): never {
  throw new ReleaseError('invalid', errorReason(error));
}

/** Names of the gateway stages of the primary region, REST APIs' first. */
function environmentsOf({ regions: { primary } }: LocalModel): readonly string[] {
  const apis = [...primary.restApis, ...(primary.httpApis ?? [])];
  return [...new Set(apis.flatMap(({ stages }) => stages.map(({ name }) => name)))];
}

function isOnLatest({ regions: { primary } }: LocalModel, environment: string): boolean {
  const aliases = primary.functions.flatMap(({ aliases }) => aliases.filter(({ name }) => name === environment));
  return aliases.length > 0 && aliases.every(({ functionVersion }) => functionVersion === '$LATEST');
}

function requireReleasable(environment: string, known: readonly string[], following: readonly string[]): void {
  const allowed = known.filter((each) => !following.includes(each));
  if (allowed.includes(environment)) return;
  const why = following.includes(environment) ? ': it follows the working tree' : '';
  throw new ReleaseError(
    'unknown',
    `got the environment ${JSON.stringify(environment)}${why}, allowed: ${allowed.join(', ')}.`,
  );
}

/** A region that has failed takes no changes: its control plane is part of it. */
function requireAnswering(model: LocalModel, regions: ReleasesOptions['regions']): void {
  for (const type of REGION_TYPES) {
    if (!regions[type].gateways.some((gateway) => gateway.failed())) continue;
    const { region } = model.regions[type];
    const remedy = `First: two-region local recover ${type}`;
    throw new ReleaseError('unavailable', `The ${type} region ${region} does not answer. ${remedy}`);
  }
}

/** Environments share data and names: what the start has not made is not there. All that is wrong at once. */
function requireServable(base: LocalModel, next: LocalModel, environment: string): void {
  const problems = REGION_TYPES.flatMap((type) => {
    const [before, after] = [base.regions[type], next.regions[type]];
    if (before.region !== after.region) return [`the ${type} region is ${after.region}, not ${before.region}`];
    const keysOf = ({ hashKey, rangeKey }: RegionModel['tables'][number]) => [hashKey, rangeKey ?? ''].join();
    const tables = after.tables
      .filter((table) => !before.tables.some((one) => one.name === table.name && keysOf(one) === keysOf(table)))
      .map(({ name }) => `the table ${name} of ${after.region} is new or has another key`);
    const buckets = after.buckets
      .filter(({ name }) => !before.buckets.some((one) => one.name === name))
      .map(({ name }) => `the bucket ${name} of ${after.region} is new`);
    return [...tables, ...buckets];
  });
  if (!environmentsOf(next).includes(environment)) problems.push(`it has no environment ${environment}`);
  if (base.stage !== next.stage) problems.push(`it is of the stage ${next.stage}, and ${base.stage} runs`);
  if (problems.length === 0) return;
  const remedy = 'Data is made when the runtime starts: end it and start it again.';
  throw new ReleaseError('invalid', `The running runtime cannot serve the release: ${problems.join('; ')}. ${remedy}`);
}
