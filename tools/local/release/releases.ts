import { errorReason } from '#functions/error-reason.ts';
import type { UsagePlan } from '#local/model/api-model.ts';
import type { LambdaFunction, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { withPinned } from './pinned-functions.ts';
import { describeChanges, type ReleaseChange } from './release-changes.ts';
import {
  environmentsOf,
  fixedAtStart,
  isOnLatest,
  REGION_TYPES,
  requireAnswering,
  requireReleasable,
  requireServable,
} from './release-checks.ts';
import { ReleaseError } from './release-error.ts';
import {
  type Deployed,
  NOTHING_PINNED,
  type Release,
  type ReleasesOptions,
  servedReleases,
} from './served-releases.ts';
import { withShared } from './shared-parts.ts';
import { VersionBook } from './version-book.ts';
import { type AliasWeights, withWeights } from './weighted-aliases.ts';

/** Function → version, in each region that is pointed. */
type PointedAt = Readonly<Partial<Record<RegionType, Readonly<Record<string, string>> | undefined>>>;

/** What a function runs. */
export interface FunctionCode {
  /** Folder or file. */
  readonly source: string;
  /** Base64. */
  readonly codeSha256: string;
  /** What processes run in its place, see `LambdaFunction`. @default - the code itself */
  readonly runs?: LambdaFunction['runs'];
}

type Load = () => Promise<LocalModel>;

interface DeployOptions {
  /** Functions that were promoted take their newest version, too. @default false */
  readonly withNewVersions?: boolean;
  /** A region that stays as it is, as it is lost. @default - none does */
  readonly without?: RegionType | undefined;
}

/** The releases of a running stage. */
export interface Releases {
  /** Environment → what it serves now. */
  current(): ReadonlyMap<string, Release>;
  /** What belongs to no environment, as the newest release has it: data, usage plans. Data that it does not name any more stays. */
  shared(): LocalModel;
  /**
   * Puts what was synthesized behind the environment's aliases in both regions, and behind those that follow the working tree. Everything is
   * loaded, checked and made ready first; then both regions change at once, between two requests. What is under way ends where it began.
   *
   * @param load - reads the synthesis; whatever it throws, nothing has changed
   * @throws ReleaseError with the reason; nothing has changed then
   */
  deploy(environment: string, load: Load, options?: DeployOptions): Promise<void>;
  /** What {@link deploy} would change. @throws ReleaseError, as it would */
  plan(environment: string, load: Load, options?: DeployOptions): Promise<readonly ReleaseChange[]>;
  /**
   * Gives what was synthesized to the environments that follow the working tree, in the same way. No version is published.
   *
   * @returns what has changed for them, and what a restart alone would serve
   */
  follow(load: Load): Promise<{ readonly changes: readonly ReleaseChange[]; readonly needRestart: readonly string[] }>;
  /**
   * Gives other code to the environments that follow the working tree; everything else of them stays. No version is published.
   *
   * @param code - physical name of a function → its code; those that there are not are left out
   */
  followCode(code: ReadonlyMap<string, FunctionCode>): Promise<void>;
  /** Publishes a function of `preview` in one region. @param codeSha256 - that its code must still have @throws ReleaseError @returns the version */
  publish(type: RegionType, functionName: string, codeSha256: string): string;
  /** Points an environment at published versions, where they stay. @throws ReleaseError; nothing has changed then */
  point(environment: string, versions: PointedAt): Promise<void>;
  /**
   * Gives an environment's aliases in one region these weights, and no others, from the next invocation on. What is under way ends where it began.
   *
   * @throws ReleaseError; nothing has changed then
   */
  weigh(type: RegionType, environment: string, weights: AliasWeights): Promise<void>;
  /** Gives the usage plans of regions the keys that plans of the same name have; their limits stay. @throws ReleaseError; nothing has changed then */
  admitKeys(plans: Readonly<Record<RegionType, readonly UsagePlan[]>>, types: readonly RegionType[]): void;
}

export function createReleases(options: ReleasesOptions): Releases {
  const { regions, copies, log } = options;
  const served = servedReleases(options);
  const { first, makeReady, enter } = served;
  let deploying = false;
  let last: Promise<unknown> = Promise.resolve();
  const book = new VersionBook(options.model);
  const following = environmentsOf(options.model).filter((environment) => isOnLatest(options.model, environment));
  const loadFor = async (environment: string | undefined, load: Load) => {
    const loaded = await load().catch(refuse);
    requireServable(served.shared(), loaded, environment);
    return loaded;
  };

  /** One after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  /** A second one that a user asks for meanwhile is refused. */
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (deploying) throw new ReleaseError('unavailable', 'Another release is being made: wait until it is done.');
    deploying = true;
    try {
      await inTurn(work);
    } finally {
      deploying = false;
    }
  };

  const followsOf = (name: string): Release['follows'] => (following.includes(name) ? 'working tree' : 'release');
  const released = (release: Deployed, name: string): Deployed => ({ ...release, follows: followsOf(name) });
  const told = (environment: string) => log.write({ kind: 'control', time: Date.now(), action: 'deploy', environment });

  const pinnedAfter = (environment: string, { withNewVersions, without }: DeployOptions) => {
    const pinned = served.current().get(environment)?.pinned ?? NOTHING_PINNED;
    if (withNewVersions !== true) return pinned;
    return { ...NOTHING_PINNED, ...(without && { [without]: pinned[without] }) };
  };

  /** A model with what an environment runs in a region that stays as it is. */
  const staying = (model: LocalModel, running: LocalModel | undefined, without: RegionType | undefined): LocalModel =>
    without === undefined || running === undefined
      ? model
      : { ...model, regions: { ...model.regions, [without]: running.regions[without] } };
  const answering = (without: RegionType | undefined) => REGION_TYPES.filter((type) => type !== without);

  const requireChangeable = (environment: string, types: readonly RegionType[] = REGION_TYPES) => {
    requireReleasable(environment, [...served.current().keys()], following);
    requireAnswering(options.model, regions, types);
  };

  return {
    current: served.current,
    shared: served.shared,
    deploy: async (environment, load, given = {}) => {
      const { without } = given;
      const types = answering(without);
      requireChangeable(environment, types);
      await alone(async () => {
        const { model, enter: enterBook } = book.publish(
          await copies.freeze(await loadFor(environment, load)).catch(refuse),
          without,
        );
        const pinned = pinnedAfter(environment, given);
        const runs = (name: string) => served.current().get(name)?.model;
        const next = staying(withPinned(model, pinned, environment), runs(environment), without);
        const follow = following.filter((each) => environmentsOf(model).includes(each));
        // Where a region stays as it is, each of them goes on there with what it runs.
        const followers = (without === undefined ? [follow] : follow.map((name) => [name])).map((names) => ({
          environments: names,
          model: staying(model, runs(names[0] ?? ''), without),
        }));
        const shared = staying(model, served.shared(), without);
        const ready = await prepared(() =>
          makeReady([{ environments: [environment], model: next }, ...followers], shared),
        );
        requireAnswering(options.model, regions, types);
        enterBook();
        enter(ready, shared, (release, name) => ({
          ...released(release, name),
          pinned: name === environment ? pinned : release.pinned,
        }));
        told(environment);
      });
    },
    plan: async (environment, load, given = {}) => {
      const { without } = given;
      requireChangeable(environment, answering(without));
      const running = served.current().get(environment) ?? first;
      const { model } = book.publish(await loadFor(environment, load), without);
      const next = withPinned(model, pinnedAfter(environment, given), environment);
      const changes = describeChanges(environment, running.model, served.shared(), next);
      return changes.flatMap((change) => {
        const types = change.regions.filter((type) => type !== without);
        return types.length === 0 ? [] : [{ ...change, regions: types }];
      });
    },
    follow: (load) =>
      inTurn(async () => {
        const loaded = await copies.freeze(await loadFor(undefined, load)).catch(refuse);
        const isFirst = [...served.current().values()].every(({ follows }) => follows === 'working tree');
        // Once there are releases, what a live environment has too is theirs to change.
        const model = isFirst ? loaded : withShared(loaded, served.shared());
        const environments = [...served.current()]
          .filter(([, { follows }]) => follows === 'working tree')
          .map(([name]) => name);
        const names = environments.filter((each) => environmentsOf(model).includes(each));
        const [representative = ''] = names;
        const before = served.current().get(representative) ?? first;
        const changes = describeChanges(representative, before.model, served.shared(), model);
        const ready = await prepared(() => makeReady([{ environments: names, model }], model));
        requireAnswering(options.model, regions);
        if (isFirst) book.restart(model);
        enter(ready, model, (release) => release);
        return { changes, needRestart: fixedAtStart(options.model, model) };
      }),
    followCode: (code) =>
      inTurn(async () => {
        const followers = [...served.current()].filter(([, { follows }]) => follows === 'working tree');
        const models = new Map(followers.map(([, { model }]) => [model, withCode(model, code)]));
        const frozen = new Map(
          await Promise.all([...models].map(async ([before, after]) => [before, await copies.freeze(after)] as const)),
        );
        requireAnswering(options.model, regions);
        const deployedAt = Date.now();
        const next = new Map(served.current());
        for (const [name, release] of followers) {
          const model = frozen.get(release.model) ?? release.model;
          for (const type of REGION_TYPES) release.functions[type].update(model.regions[type].functions);
          next.set(name, { ...release, model, deployedAt });
          if (followers.length === served.current().size) book.restart(model);
        }
        served.replace(next);
      }),
    publish: (type, functionName, codeSha256) => {
      const preview = following.map((name) => served.current().get(name)).find((release) => release !== undefined);
      const region = preview?.model.regions[type];
      const found = region?.functions.find(({ name }) => name === functionName);
      if (region === undefined || found === undefined || found.codeSha256 !== codeSha256) {
        throw new ReleaseError(
          'unavailable',
          `The code of ${functionName} in the ${type} region is not ${codeSha256} any more.`,
        );
      }
      return String(book.publishOne(type, region, found).version);
    },
    point: async (environment, versions) => {
      const types = REGION_TYPES.filter((type) => versions[type] !== undefined);
      requireChangeable(environment, types);
      await alone(async () => {
        const running = served.current().get(environment) ?? first;
        const pinned = { primary: new Map(running.pinned.primary), secondary: new Map(running.pinned.secondary) };
        for (const type of types) {
          for (const [name, version] of Object.entries(versions[type] ?? {})) {
            const found = book.find(type, name, version);
            if (found === undefined)
              throw new ReleaseError('unknown', `${name} has no version ${version} in the ${type} region.`);
            pinned[type].set(name, found);
          }
        }
        const model = await copies.freeze(withPinned(running.model, pinned, environment)).catch(refuse);
        // What follows the working tree goes on by itself.
        const others = following.flatMap((name) => {
          const current = served.current().get(name);
          return current ? [{ environments: [name], model: current.model }] : [];
        });
        const groups = [{ environments: [environment], model }, ...others];
        const ready = await prepared(() => makeReady(groups, served.shared()));
        requireAnswering(options.model, regions, types);
        enter(ready, served.shared(), (release, name) => ({
          ...released(release, name),
          ...(name === environment && { pinned }),
        }));
        told(environment);
      });
    },
    weigh: (type, environment, weights) =>
      inTurn(async () => {
        const release = served.current().get(environment);
        requireReleasable(environment, [...served.current().keys()], following);
        if (release === undefined) return;
        const find = (name: string, version: string) => book.find(type, name, version);
        const region = withWeights(release.model.regions[type], environment, weights, find);
        requireAnswering(options.model, regions, [type]);
        release.functions[type].update(region.functions);
        const model = { ...release.model, regions: { ...release.model.regions, [type]: region } };
        served.replace(new Map(served.current()).set(environment, { ...release, model }));
      }),
    admitKeys: (plans, types) => {
      requireAnswering(options.model, regions, types);
      const next = { ...served.shared().regions };
      for (const type of types) {
        const keysOf = (plan: UsagePlan) => plans[type].find(({ name }) => name === plan.name)?.keys ?? plan.keys;
        const usagePlans = next[type].usagePlans.map((plan) => ({ ...plan, keys: keysOf(plan) }));
        regions[type].gateways.rest.setUsagePlans(usagePlans);
        next[type] = { ...next[type], usagePlans };
      }
      served.share({ ...served.shared(), regions: next });
    },
  };
}

function withCode(model: LocalModel, code: ReadonlyMap<string, FunctionCode>): LocalModel {
  const change = (region: RegionModel): RegionModel => ({
    ...region,
    functions: region.functions.map((each) => {
      const other = code.get(each.name);
      return other === undefined ? each : { ...each, runs: undefined, ...other };
    }),
  });
  return { ...model, regions: { primary: change(model.regions.primary), secondary: change(model.regions.secondary) } };
}

async function prepared<T>(prepare: () => T): Promise<T> {
  try {
    return prepare();
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (error instanceof ReleaseError) throw error;
  throw new ReleaseError('invalid', errorReason(error));
}
