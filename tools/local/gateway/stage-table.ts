import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { CustomDomain } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';
import { compileStagePicker, type PickedApi, type StageEntry } from './stage-picker.ts';

/** Stages of one kind of API, compiled, and the APIs that they are of. */
interface Stages<S> {
  readonly apis: readonly PickedApi[];
  readonly entries: readonly StageEntry<S>[];
}

/** Compiles the stages of a region, whose functions `invoke` serves. */
export type StagesOf<S> = (region: RegionModel, invoke: InvokeFunction) => Stages<S>;

/** The stages that a gateway serves. Domains and stages change while it does, from one request to the next. */
export class StageTable<S> {
  readonly #region: string;
  readonly #mergesSlashes: boolean;
  #domains: readonly CustomDomain[];
  #stages: Stages<S>;
  #pick: ReturnType<typeof compileStagePicker<S>>;

  /** @param mergesSlashes - see {@link compileStagePicker} */
  constructor({ region, domains }: Pick<RegionModel, 'domains' | 'region'>, stages: Stages<S>, mergesSlashes: boolean) {
    this.#region = region;
    this.#mergesSlashes = mergesSlashes;
    this.#domains = domains;
    this.#stages = stages;
    this.#pick = this.#compile();
  }

  /** The stage for a `Host` header and a path without its query. */
  pick(host: string, path: string): ReturnType<ReturnType<typeof compileStagePicker<S>>> {
    return this.#pick(host, path);
  }

  /**
   * @param propagation - milliseconds until the last request has the new ones; meanwhile ever more have. API Gateway's mappings reach its hosts
   *   one by one. @default 0
   */
  setDomains(domains: readonly CustomDomain[], propagation = 0): void {
    const before = this.#pick;
    this.#domains = domains;
    const after = this.#compile();
    const began = performance.now();
    const mixed: typeof after = (host, path) => {
      const share = (performance.now() - began) / propagation;
      if (share >= 1 && this.#pick === mixed) this.#pick = after;
      return (Math.random() < share ? after : before)(host, path);
    };
    this.#pick = propagation > 0 ? mixed : after;
  }

  /** Stages with these names become those of a release; a name that it has no stage of is served no longer. */
  replace(names: readonly string[], { apis, entries }: Stages<S>): void {
    const added = apis.filter(({ id }) => !this.#stages.apis.some((api) => api.id === id));
    this.#stages = {
      apis: [...this.#stages.apis, ...added],
      entries: [...this.#stages.entries.filter(({ name }) => !names.includes(name)), ...entries],
    };
    this.#pick = this.#compile();
  }

  #compile() {
    const { apis, entries } = this.#stages;
    return compileStagePicker({ region: this.#region, domains: this.#domains }, apis, entries, this.#mergesSlashes);
  }
}

/** A region whose APIs have these stages only. */
export function withStages(region: RegionModel, names: readonly string[]): RegionModel {
  const only = <A extends { readonly stages: readonly { readonly name: string }[] }>(api: A): A => ({
    ...api,
    stages: api.stages.filter(({ name }) => names.includes(name)),
  });
  return { ...region, restApis: region.restApis.map(only), httpApis: region.httpApis?.map(only) ?? [] };
}
