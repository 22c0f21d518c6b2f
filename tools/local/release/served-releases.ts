import { isDeepStrictEqual } from 'node:util';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import type { RestGateway } from '#local/gateway/rest/server.ts';
import type { RoleCredentials } from '#local/iam/credential-store.ts';
import type { LambdaService } from '#local/lambda/lambda.ts';
import type { LocalModel, RegionModel, RegionType, Role } from '#local/model/model.ts';
import type { PackageCopies } from './package-copies.ts';
import type { Pinned } from './pinned-functions.ts';
import { environmentsOf, REGION_TYPES } from './release-checks.ts';
import { sharedAfter, withCors } from './shared-parts.ts';

/** What an environment serves in both regions: frozen copies of code, configuration, permissions and routes. */
export interface Release {
  readonly model: LocalModel;
  /** `working tree`: it changes with what is saved and with every release, as `$LATEST` does. Everything does until the first release. */
  readonly follows: 'release' | 'working tree';
  /** Milliseconds since the epoch. */
  readonly deployedAt: number;
  /** What was promoted: deploys leave it at its version. */
  readonly pinned: Pinned;
}

interface ReleasedRegion {
  readonly gateways: {
    readonly rest: Pick<RestGateway, 'failed' | 'prepareStages' | 'setUsagePlans'>;
    readonly http: Pick<RegionalGateway, 'failed' | 'prepareStages'>;
  };
  /** Serves functions out of the model's packages, with credentials of their roles. Nothing is started before the first invocation. */
  invokerOf(model: RegionModel, credentialsFor: (roleArn: string) => RoleCredentials): ReleasedFunctions;
  /** Of the start. */
  readonly functions: ReleasedFunctions;
}

type ReleasedFunctions = Pick<LambdaService, 'invoke' | 'retire' | 'update'>;

export interface ReleasesOptions {
  /** Of the start. */
  readonly model: LocalModel;
  readonly startedAt: number;
  readonly regions: Readonly<Record<RegionType, ReleasedRegion>>;
  readonly copies: PackageCopies;
  /** Issues credentials for a release's roles: a version may go on doing what its own role could. */
  readonly addRoles: (roles: readonly Role[]) => (roleArn: string) => RoleCredentials;
  /** Makes the tables and buckets of a model that are not there yet. */
  readonly grow: (model: LocalModel) => void;
  readonly log: RuntimeLog;
}

export interface Deployed extends Release {
  readonly functions: Readonly<Record<RegionType, ReleasedFunctions>>;
}

/** Environments that are to serve one model. */
interface Group {
  readonly environments: readonly string[];
  readonly model: LocalModel;
}

export const NOTHING_PINNED: Pinned = { primary: new Map(), secondary: new Map() };

/** What environments serve, and how they come to serve something else. */
export function servedReleases(options: ReleasesOptions) {
  const { regions, addRoles, grow } = options;
  const first: Deployed = {
    model: options.model,
    follows: 'working tree',
    deployedAt: options.startedAt,
    pinned: NOTHING_PINNED,
    functions: { primary: regions.primary.functions, secondary: regions.secondary.functions },
  };
  let current: ReadonlyMap<string, Deployed> = new Map(environmentsOf(options.model).map((each) => [each, first]));
  let shared = options.model;

  /** Makes groups ready. @returns lets them serve, from the next request on */
  const makeReady = (groups: readonly Group[], next: LocalModel) => {
    const isShared = REGION_TYPES.some(
      (type) =>
        !isDeepStrictEqual(shared.regions[type].httpApis?.map(corsOf), next.regions[type].httpApis?.map(corsOf)),
    );
    const untouched = [...current].filter(([name]) => !groups.some(({ environments }) => environments.includes(name)));
    const ready = groups.map(({ environments, model }) => {
      const credentialsFor = addRoles(REGION_TYPES.flatMap((type) => model.regions[type].roles));
      const functions = {
        primary: regions.primary.invokerOf(model.regions.primary, credentialsFor),
        secondary: regions.secondary.invokerOf(model.regions.secondary, credentialsFor),
      };
      const swaps = REGION_TYPES.flatMap((type) =>
        Object.values(regions[type].gateways).map((gateway) =>
          gateway.prepareStages(model.regions[type], environments, functions[type].invoke),
        ),
      );
      return { environments, model, functions, swaps };
    });
    // An HTTP API has its CORS once, whatever is released in its stages.
    const others = (isShared ? untouched : []).map(([name, { functions, ...release }]) => {
      const model = withCors(release.model, next);
      const swaps = REGION_TYPES.map((type) =>
        regions[type].gateways.http.prepareStages(model.regions[type], [name], functions[type].invoke),
      );
      return { name, model, swaps };
    });
    return { ready, others, swaps: [...ready, ...others].flatMap(({ swaps }) => swaps) };
  };

  /** Serves what is ready. Nothing of it can fail, or wait. */
  const enter = (
    { ready, others, swaps }: ReturnType<typeof makeReady>,
    next: LocalModel,
    change: (of: Deployed, name: string) => Deployed,
  ) => {
    grow(next);
    for (const swap of swaps) swap();
    for (const type of REGION_TYPES) regions[type].gateways.rest.setUsagePlans(next.regions[type].usagePlans);
    shared = sharedAfter(shared, next);
    const before = new Set([...current.values()].map(({ functions }) => functions));
    const entered = new Map([...current].map(([name, release]) => [name, change(release, name)]));
    const deployedAt = Date.now();
    for (const { name, model } of others) {
      const release = entered.get(name);
      if (release) entered.set(name, { ...release, model });
    }
    for (const { environments, model, functions } of ready) {
      for (const name of environments) {
        const release = change(entered.get(name) ?? first, name);
        entered.set(name, { ...release, model, functions, deployedAt });
      }
    }
    current = entered;
    const used = new Set([...current.values()].map(({ functions }) => functions));
    for (const functions of before) {
      if (!used.has(functions)) for (const type of REGION_TYPES) functions[type].retire();
    }
  };

  return {
    first,
    current: () => current,
    shared: () => shared,
    makeReady,
    enter,
    replace: (next: ReadonlyMap<string, Deployed>) => {
      current = next;
    },
    share: (next: LocalModel) => {
      shared = next;
    },
  };
}

function corsOf({ cors }: { readonly cors?: unknown }): unknown {
  return cors;
}
