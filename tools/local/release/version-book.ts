import { versionContent } from '#local/lambda/version-content.ts';
import type { LambdaFunction, LocalModel, RegionModel, RegionType, Role } from '#local/model/model.ts';

/** A version as it was published: nothing of it changes any more. */
export interface PublishedVersion {
  readonly version: number;
  readonly content: string;
  readonly lambdaFunction: LambdaFunction;
  /** The role that it runs with, as its policies were. */
  readonly roles: readonly Role[];
}

/** Function → its versions, the newest last, in one region. */
type Versions = ReadonlyMap<string, readonly PublishedVersion[]>;

/** The versions that have been published in both regions. */
export class VersionBook {
  #versions: Readonly<Record<RegionType, Versions>>;

  /** @param model - of the start: its functions are version 1 */
  constructor(model: LocalModel) {
    this.#versions = firstVersions(model);
  }

  /** Forgets every version and begins anew: while nothing was released, what is served may change and still be version 1. */
  restart(model: LocalModel): void {
    this.#versions = firstVersions(model);
  }

  /**
   * Numbers the functions of a model: the next version where code or configuration differ from the newest one, else that one. Aliases lead to
   * it, except those on `$LATEST`.
   *
   * Source: AWS Lambda API, "PublishVersion": it doesn't publish a version if code and configuration haven't changed since the last one.
   *
   * @param without - a region that stays as it is. @default - none does
   * @returns the model, and what enters its versions in the book
   */
  publish(model: LocalModel, without?: RegionType): { readonly model: LocalModel; readonly enter: () => void } {
    const publishIn = (type: RegionType) =>
      type === without
        ? { region: model.regions[type], versions: this.#versions[type] }
        : publishRegion(model.regions[type], this.#versions[type]);
    const [primary, secondary] = [publishIn('primary'), publishIn('secondary')];
    return {
      model: { ...model, regions: { primary: primary.region, secondary: secondary.region } },
      enter: () => {
        this.#versions = { primary: primary.versions, secondary: secondary.versions };
      },
    };
  }

  /** Publishes one function in one region. @returns the version that is just that: the newest one, or a new one */
  publishOne(type: RegionType, region: RegionModel, lambdaFunction: LambdaFunction): PublishedVersion {
    const entered = enter(this.#versions[type], region, lambdaFunction);
    this.#versions = { ...this.#versions, [type]: entered.versions };
    return entered.published;
  }

  /** @returns undefined where there is no such version */
  find(type: RegionType, functionName: string, version: string): PublishedVersion | undefined {
    return this.#versions[type].get(functionName)?.find((each) => String(each.version) === version);
  }
}

function firstVersions({ regions }: LocalModel): Readonly<Record<RegionType, Versions>> {
  const first = (region: RegionModel): Versions =>
    region.functions.reduce<Versions>((versions, each) => enter(versions, region, each).versions, new Map());
  return { primary: first(regions.primary), secondary: first(regions.secondary) };
}

function publishRegion(
  region: RegionModel,
  before: Versions,
): { readonly region: RegionModel; readonly versions: Versions } {
  let versions = before;
  const functions = region.functions.map((each): LambdaFunction => {
    const entered = enter(versions, region, each);
    versions = entered.versions;
    const version = String(entered.published.version);
    const aliases = each.aliases.map((alias) =>
      alias.functionVersion === '$LATEST' ? alias : { ...alias, functionVersion: version },
    );
    return { ...each, version, aliases };
  });
  return { region: { ...region, functions }, versions };
}

function enter(before: Versions, region: RegionModel, lambdaFunction: LambdaFunction) {
  const known = before.get(lambdaFunction.name) ?? [];
  const content = versionContent(lambdaFunction);
  const newest = known.at(-1);
  if (newest?.content === content) return { versions: before, published: newest };
  const roles = region.roles.filter(({ arn }) => arn === lambdaFunction.roleArn);
  const published = { version: (newest?.version ?? 0) + 1, content, lambdaFunction, roles };
  return { versions: new Map(before).set(lambdaFunction.name, [...known, published]), published };
}
